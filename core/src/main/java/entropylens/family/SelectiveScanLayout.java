package entropylens.family;

import entropylens.model.MixerShape;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import org.jspecify.annotations.Nullable;

/// Where the families of Mamba keep the tensors of a selective scan. What one of them does
/// differently is said by setting a field.
final class SelectiveScanLayout {
    private final MixerShape.SelectiveScan shape;
    private final int dModel;

    /// Whether the projections from and to the stream are biased.
    boolean projectionBias;

    boolean convolutionBias;

    /// Norms of what makes steps, of B and of C.
    @Nullable NormReader norm;

    /// How training begins, where that is not as with other matrices and biases.
    @Nullable Beginning beginning;

    /// How training begins.
    ///
    /// @param shortest,longest step
    /// @param least what a shorter one becomes
    /// @param stepWeight the weights of steps: between ± this
    /// @param constant whether they are this, all of them
    /// @param outputScale multiplies what is written to the stream
    record Beginning(
            double shortest,
            double longest,
            double least,
            double stepWeight,
            boolean constant,
            double outputScale) {}

    SelectiveScanLayout(MixerShape.SelectiveScan shape, int dModel) {
        this.shape = shape;
        this.dModel = dModel;
    }

    /// @param prefix of the names
    Weights.SelectiveScan read(TensorReader tensors, String prefix) {
        int channels = shape.channels();
        int states = shape.states();
        begin(tensors, prefix);
        var both = tensors.projection(prefix + "in_proj", 2 * channels, dModel, projectionBias);
        return new Weights.SelectiveScan(
                both.outputs(0, channels),
                both.outputs(channels, 2 * channels),
                tensors.convolution(prefix + "conv1d", channels, shape.taps(), convolutionBias),
                tensors.projection(prefix + "x_proj", shape.rank() + 2 * states, channels, false),
                norm(tensors, prefix + "dt_layernorm", shape.rank()),
                norm(tensors, prefix + "b_layernorm", states),
                norm(tensors, prefix + "c_layernorm", states),
                tensors.projection(prefix + "dt_proj", channels, shape.rank(), false),
                stepBias(tensors, prefix + "dt_proj.bias"),
                rates(tensors.logarithms(prefix + "A_log", channels, states)),
                tensors.gain(prefix + "D", channels, 1),
                tensors.projection(prefix + "out_proj", dModel, channels, projectionBias),
                null);
    }

    private @Nullable NormWeights norm(TensorReader tensors, String name, int width) {
        return norm == null ? null : norm.read(tensors, name, width);
    }

    private float[] stepBias(TensorReader tensors, String name) {
        Beginning begins = beginning;
        return begins == null
                ? tensors.bias(name, shape.channels())
                : tensors.steps(
                        name,
                        shape.channels(),
                        begins.shortest(),
                        begins.longest(),
                        begins.least());
    }

    /// `exp(A_log)`, channels next to each other.
    private float[] rates(float[] logs) {
        int states = shape.states();
        float[] rates = new float[logs.length];
        for (int i = 0; i < logs.length; i++) {
            rates[i % states * shape.channels() + i / states] = (float) Math.exp(logs[i]);
        }
        return rates;
    }

    private void begin(TensorReader tensors, String prefix) {
        Beginning begins = beginning;
        if (begins != null) {
            double weight = begins.stepWeight();
            tensors.even(prefix + "dt_proj.weight", begins.constant() ? weight : -weight, weight);
            double tap = 1 / Math.sqrt(shape.taps());
            tensors.even(prefix + "conv1d.weight", -tap, tap);
            double output = begins.outputScale() / Math.sqrt(shape.channels());
            tensors.even(prefix + "out_proj.weight", -output, output);
        }
    }
}
