package entropylens.model;

import org.jspecify.annotations.Nullable;

/// The mixers of all blocks, for one batch. What a kind of mixer needs for the whole batch is made
/// when the first block asks for it.
final class Mixers {
    private final Model model;
    private final BatchRows rows;
    private @Nullable Attention attention;

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
                    Weights.StateSpace _ -> {}
        }
    }

    private StateSpace stateSpace(int layer, Weights.StateSpace weights) {
        var shape = (DecoderConfig.StateSpace) model.config().mixers().get(layer);
        return new StateSpace(model, rows, layer, shape, weights);
    }

    private Attention attention() {
        if (attention == null) {
            attention = new Attention(model, rows);
        }
        return attention;
    }
}
