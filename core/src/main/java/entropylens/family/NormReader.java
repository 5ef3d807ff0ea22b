package entropylens.family;

import entropylens.model.Norm;
import entropylens.model.NormWeights;
import java.util.Arrays;

/// Takes the weights of a family's norms.
@FunctionalInterface
interface NormReader {
    /// @param name of the module, without `.weight`
    NormWeights read(TensorReader tensors, String name, int width);

    /// RMSNorm: `name.weight`.
    static NormReader rms(double eps) {
        return (tensors, name, width) ->
                new NormWeights(new Norm.Rms(eps), tensors.gain(name + ".weight", width, 1), null);
    }

    /// Gemma's RMSNorm, which multiplies by 1 + `name.weight`.
    static NormReader rmsOnePlus(double eps) {
        return (tensors, name, width) -> {
            float[] weight = tensors.gain(name + ".weight", width, 0);
            for (int i = 0; i < width; i++) {
                weight[i] += 1;
            }
            return new NormWeights(new Norm.Rms(eps), weight, null);
        };
    }

    /// LayerNorm: `name.weight` and `name.bias`.
    static NormReader layer(double eps) {
        return (tensors, name, width) ->
                new NormWeights(
                        new Norm.Layer(eps),
                        tensors.gain(name + ".weight", width, 1),
                        tensors.bias(name + ".bias", width));
    }

    /// LayerNorm that multiplies by 1 + `name.weight` and adds `name.bias` (Nemotron).
    static NormReader layerOnePlus(double eps) {
        return (tensors, name, width) -> {
            float[] weight = tensors.gain(name + ".weight", width, 0);
            for (int i = 0; i < width; i++) {
                weight[i] += 1;
            }
            return new NormWeights(
                    new Norm.Layer(eps), weight, tensors.bias(name + ".bias", width));
        };
    }

    /// LayerNorm with `name.weight` alone.
    static NormReader layerWithoutBias(double eps) {
        return (tensors, name, width) ->
                new NormWeights(
                        new Norm.Layer(eps), tensors.gain(name + ".weight", width, 1), null);
    }

    /// LayerNorm of each head, `name.weight` `[heads, d_head]`, without bias.
    static NormReader layerOfHeads(double eps, int dHead) {
        return (tensors, name, width) ->
                new NormWeights(
                        new Norm.Layer(eps),
                        tensors.gains(name + ".weight", width / dHead, dHead, 1),
                        null,
                        dHead);
    }

    /// LayerNorm that has learned nothing.
    static NormReader layerWithoutWeights(double eps) {
        return withoutWeights(new Norm.Layer(eps));
    }

    /// RMSNorm that has learned nothing.
    static NormReader rmsWithoutWeights(double eps) {
        return withoutWeights(new Norm.Rms(eps));
    }

    private static NormReader withoutWeights(Norm norm) {
        return (tensors, name, width) -> {
            float[] ones = new float[width];
            Arrays.fill(ones, 1);
            return new NormWeights(norm, ones, null);
        };
    }
}
