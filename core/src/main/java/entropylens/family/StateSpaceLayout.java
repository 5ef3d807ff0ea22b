package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.MixerShape;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import org.jspecify.annotations.Nullable;

/// Where families with state spaces (Mamba-2) keep the tensors of one. What one of them does
/// differently is said by setting a field.
final class StateSpaceLayout {
    private final MixerShape.StateSpace shape;
    private final int dModel;

    /// Whether the projections from and to the stream are biased.
    boolean inputBias;

    boolean outputBias;
    boolean convolutionBias;

    /// Limits of a step.
    double minStep;

    double maxStep = Double.POSITIVE_INFINITY;

    /// The norm of the result, if there is one.
    @Nullable NormReader norm;

    /// How many neighbouring parts of the result are normed by themselves.
    int normGroups = 1;

    boolean normBeforeGate;

    /// How training begins, where steps are not all 1.
    @Nullable Beginning beginning;

    /// How training begins.
    ///
    /// @param shortest,longest step
    /// @param least what a shorter one becomes
    /// @param even whether the convolution, and what writes to the stream, are spread evenly
    /// @param outputScale multiplies what is written to the stream
    record Beginning(
            double shortest, double longest, double least, boolean even, double outputScale) {
        static Beginning of(ConfigJson json, boolean even, double outputScale) {
            return new Beginning(
                    json.doubleOr("time_step_min", 0.001),
                    json.doubleOr("time_step_max", 0.1),
                    json.doubleOr("time_step_floor", 1e-4),
                    even,
                    outputScale);
        }
    }

    StateSpaceLayout(MixerShape.StateSpace shape, int dModel) {
        this.shape = shape;
        this.dModel = dModel;
    }

    /// Channels of a head: `mamba_d_head`, which may be "auto".
    ///
    /// @param inner channels of all heads
    static int headWidth(ConfigJson json, int inner, int heads) {
        boolean given = json.has("mamba_d_head") && !json.isString("mamba_d_head");
        if (!given) {
            json.mustBe("mamba_d_head", "auto", "it must be an integer or \"auto\"");
        }
        int width = given ? json.requireInt("mamba_d_head") : inner / heads;
        if (width < 1 || (long) width * heads != inner) {
            throw new CheckpointException(
                    "%s: mamba_n_heads = %,d of mamba_d_head = %,d are not the %,d channels that mamba_expand, hidden_size or mamba_d_ssm give; correct the file or download it again"
                            .formatted(json.file(), heads, width, inner));
        }
        return width;
    }

    /// The limits of a step, `[least, most]`, where the configuration gives some.
    void limits(ConfigJson json, String key) {
        double[] limits = json.doublesOrInfinite(key);
        if (limits.length == 0) {
            return;
        }
        if (limits.length != 2 || !(limits[0] <= limits[1])) {
            throw new CheckpointException(
                    "%s: %s must be two numbers, the second not below the first; correct the file or download it again"
                            .formatted(json.file(), key));
        }
        minStep = limits[0];
        maxStep = limits[1];
    }

    /// @param prefix of the names
    Weights.StateSpace read(TensorReader tensors, String prefix) {
        int heads = shape.nHeads();
        int channels = shape.channels();
        begin(tensors, prefix);
        return new Weights.StateSpace(
                tensors.projection(prefix + "in_proj", shape.projectedWidth(), dModel, inputBias),
                tensors.convolution(prefix + "conv1d", channels, shape.taps(), convolutionBias),
                tensors.logarithms(prefix + "A_log", heads),
                stepBias(tensors, prefix + "dt_bias"),
                tensors.gain(prefix + "D", heads, 1),
                minStep,
                maxStep,
                norm(tensors, prefix + "norm"),
                normBeforeGate,
                tensors.projection(prefix + "out_proj", dModel, shape.innerWidth(), outputBias),
                null);
    }

    private @Nullable NormWeights norm(TensorReader tensors, String name) {
        NormReader reader = norm;
        if (reader == null) {
            return null;
        }
        NormWeights whole = reader.read(tensors, name, shape.innerWidth());
        int width = shape.innerWidth() / normGroups;
        return new NormWeights(whole.norm(), whole.weight(), whole.bias(), width);
    }

    private float[] stepBias(TensorReader tensors, String name) {
        Beginning begins = beginning;
        return begins == null
                ? tensors.gain(name, shape.nHeads(), 1)
                : tensors.steps(
                        name, shape.nHeads(), begins.shortest(), begins.longest(), begins.least());
    }

    private void begin(TensorReader tensors, String prefix) {
        Beginning begins = beginning;
        if (begins != null && begins.even()) {
            double tap = 1 / Math.sqrt(shape.taps());
            tensors.even(prefix + "conv1d.weight", -tap, tap);
            double output = begins.outputScale() / Math.sqrt(shape.innerWidth());
            tensors.even(prefix + "out_proj.weight", -output, output);
        }
    }
}
