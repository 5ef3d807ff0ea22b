package entropylens.model;

import entropylens.hook.Intervention;
import entropylens.kernels.Kernels;
import entropylens.kernels.MatMul;

/// A decoder ready to run: configuration, weights, arithmetic. Immutable, and shared by any number
/// of threads. Whoever mapped the weights keeps their arena open for as long as the model is used.
public final class Model {
    private final DecoderConfig config;
    private final Weights weights;
    private final MatMul matMul;

    public Model(DecoderConfig config, Weights weights, MatMul matMul) {
        this.config = config;
        this.weights = weights;
        this.matMul = matMul;
    }

    public DecoderConfig config() {
        return config;
    }

    public Weights weights() {
        return weights;
    }

    public MatMul matMul() {
        return matMul;
    }

    public Kernels kernels() {
        return matMul.kernels();
    }

    /// A session for at most `capacity` tokens of the model as it is.
    public Session newSession(int capacity) {
        return newSession(capacity, Intervention.NONE);
    }

    /// A session whose blocks do what `intervention` says, for its whole life.
    ///
    /// @param capacity most tokens it will hold; keys and values for all of them are allocated now
    /// @throws IllegalArgumentException when the capacity exceeds n_ctx, or a block is named that
    ///   does not exist
    public Session newSession(int capacity, Intervention intervention) {
        return new Session(config, capacity, intervention);
    }

    /// Runs a batch through all blocks; see [Decoder#forward].
    public float[] forward(Batch batch) {
        return new Decoder(this).forward(batch);
    }
}
