package entropylens.model;

import entropylens.hook.Intervention;
import entropylens.kernels.Backend;
import entropylens.kernels.Kernels;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// A decoder ready to run: configuration, weights, and what computes with them. Immutable, and
/// shared by any number of threads. Whoever mapped the weights keeps their arena open for as long
/// as the model is used.
public final class Model {
    private final DecoderConfig config;
    private final Weights weights;
    private final Backend backend;
    private final ForwardPass pass;

    /// Blocks whose keys and values others read.
    private final BitSet sharingKeys = new BitSet();

    /// @throws IllegalArgumentException when a block has a norm of which the configuration says
    ///   that it has none
    public Model(DecoderConfig config, Weights weights, Backend backend) {
        if (config.residual() == Residual.PARALLEL_ONE_NORM
                && weights.blocks().stream().anyMatch(block -> block.ln2() != null)) {
            throw new IllegalArgumentException(
                    "a block that norms once for attention and MLP has no ln2, but one is given; say PARALLEL, or leave it out");
        }
        this.config = config;
        this.weights = weights;
        this.backend = backend;
        this.pass = pass(config, weights, backend);
        config.attentions().forEach(shape -> shape.keysOf().ifPresent(sharingKeys::set));
    }

    private ForwardPass pass(DecoderConfig config, Weights weights, Backend backend) {
        if (backend instanceof DeviceBackend device) {
            Optional<ForwardPass> itsOwn = device.forwardPass(config, weights);
            if (itsOwn.isPresent()) {
                return itsOwn.get();
            }
        }
        return new Decoder(this);
    }

    public DecoderConfig config() {
        return config;
    }

    public Weights weights() {
        return weights;
    }

    public Backend backend() {
        return backend;
    }

    public Kernels kernels() {
        return backend.kernels();
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
        return new Session(config, pass, capacity, intervention, this::experts);
    }

    /// Whether other blocks read the keys and values of this one.
    boolean sharesKeys(int layer) {
        return sharingKeys.get(layer);
    }

    /// How many experts a block routes its rows to some of; 0 where it routes nothing.
    public int experts(int layer) {
        return switch (weights.blocks().get(layer).mlp()) {
            case Weights.Experts experts -> experts.experts().size();
            case Weights.MlpAndExperts both -> both.experts().experts().size();
            case Weights.Mlp _ -> 0;
            case null -> 0;
        };
    }

    /// What computes its forward passes.
    public ForwardPass pass() {
        return pass;
    }

    /// Feeds a batch through all blocks, shows the stream to the observers of its sessions, and
    /// stores keys and values.
    ///
    /// @return resid_post of the last block, `[rows × d_model]`, not normed
    /// @throws IllegalArgumentException when a token is outside the vocabulary, or a session was
    ///   made by another model
    /// @throws IllegalStateException when a session has no room
    public float[] forward(Batch batch) {
        try (LastRows rows = run(batch)) {
            return rows.floats();
        }
    }

    /// The same, and the rows stay where they were computed.
    LastRows run(Batch batch) {
        List<Session> locked = new ArrayList<>();
        try {
            for (Batch.Part part : batch.parts()) {
                part.session().requireMadeFor(config);
                part.session().lock();
                locked.add(part.session());
                part.session().requireRoomFor(part.tokens());
            }
            LastRows rows = pass.run(BatchRows.of(batch, config));
            for (Batch.Part part : batch.parts()) {
                part.session().advance(part.tokens().length);
            }
            return rows;
        } finally {
            locked.forEach(Session::unlock);
        }
    }
}
