package entropylens.model;

import org.jspecify.annotations.Nullable;

/// The mixers of all blocks, for one batch. What a kind of mixer needs for the whole batch is made
/// when the first block asks for it.
final class Mixers {
    private final Model model;
    private final BatchRows rows;
    private @Nullable Attention attention;

    /// What the second of two mixers side by side gives, `[rows × d_model]`.
    private float[] other = {};

    Mixers(Model model, BatchRows rows) {
        this.model = model;
        this.rows = rows;
    }

    /// @param input what the mixer reads of the stream, `[rows × d_model]`
    /// @param out what comes of it, before any norm, `[rows × d_model]`
    void run(int layer, Weights.Mixer weights, float[] input, float[] out) {
        switch (weights) {
            case Weights.Attention one -> attention().run(layer, one, input, out);
            case Weights.DeltaNet one -> new DeltaNet(model, rows, layer, one).run(input, out);
            case Weights.ShortConvolution one ->
                    new ShortConvolution(model, rows, layer, one).run(input, out);
            case Weights.SelectiveScan one ->
                    new SelectiveScan(model, rows, layer, one).run(input, out);
            case Weights.StateSpace one -> stateSpace(layer, one).run(input, out);
            case Weights.SideBySide both -> sideBySide(layer, both, input, out);
        }
    }

    /// What later blocks read of a block whose mixer no row runs: keys and values that they share.
    void leaveOut(int layer, Weights.Mixer weights, float[] input) {
        switch (weights) {
            case Weights.Attention one -> {
                if (model.sharesKeys(layer)) {
                    attention().storeKeys(layer, one, input);
                }
            }
            case Weights.DeltaNet _,
                    Weights.ShortConvolution _,
                    Weights.SelectiveScan _,
                    Weights.StateSpace _,
                    Weights.SideBySide _ -> {}
        }
    }

    private StateSpace stateSpace(int layer, Weights.StateSpace weights) {
        MixerShape.StateSpace shape =
                switch (model.config().mixers().get(layer)) {
                    case MixerShape.StateSpace alone -> alone;
                    case MixerShape.SideBySide both -> both.space();
                    case MixerShape other ->
                            throw new IllegalStateException("no state space in " + other);
                };
        return new StateSpace(model, rows, layer, shape, weights);
    }

    private void sideBySide(int layer, Weights.SideBySide both, float[] input, float[] out) {
        stateSpace(layer, both.space()).run(input, out);
        if (other.length == 0) {
            other = new float[out.length];
        }
        attention().run(layer, both.attention(), input, other);
        for (int i = 0; i < out.length; i++) {
            out[i] += other[i];
        }
    }

    private Attention attention() {
        if (attention == null) {
            attention = new Attention(model, rows);
        }
        return attention;
    }
}
