package entropylens.quantised;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.Quantised;
import entropylens.kernels.CodedMatrix;
import java.util.Optional;

/// How the weights of a checkpoint are quantised, and the matrices that are. Weights are decoded
/// when they are used; activations stay float32, also where the format would quantise them.
public final class Quantisation {
    private final Format format;

    private Quantisation(Format format) {
        this.format = format;
    }

    /// What config.json says of it; nothing where weights are stored as they are.
    ///
    /// @throws entropylens.checkpoint.CheckpointException when the method, or a variant of it, is
    ///   not read
    public static Optional<Quantisation> of(ConfigJson json, Checkpoint checkpoint) {
        return Quantised.settings(json)
                .map(found -> new Quantisation(format(json, found, new Stored(checkpoint))));
    }

    private static Format format(ConfigJson json, Quantised.Settings found, Stored stored) {
        ConfigJson settings = found.settings();
        settings.withoutEffect("quant_method");
        return switch (found.method()) {
            case "fp8" -> Fp8.finegrained(settings, stored);
            case "fbgemm_fp8" -> Fp8.fbgemm(settings, stored);
            case "compressed-tensors" -> CompressedTensors.of(json, found, stored);
            case "mxfp4" -> new Mxfp4(settings, stored);
            case "gptq" -> Gptq.of(json, found, stored);
            case "awq" -> Awq.of(json, found, stored);
            case "bitsandbytes" -> BitsAndBytes.of(settings, stored);
            default ->
                    throw new IllegalStateException("the recogniser let through " + found.method());
        };
    }

    /// In few words, for results: `fp8 e4m3, blocks of 128×128`.
    public String described() {
        return format.described();
    }

    /// The weights of a module, if they are stored as codes.
    ///
    /// @param module its name, without `.weight`
    /// @throws entropylens.checkpoint.CheckpointException when they do not have these sizes, or are
    ///   not what config.json says
    public Optional<CodedMatrix> matrix(String module, int outputs, int inputs) {
        return format.has(module)
                ? Optional.of(format.matrix(module, outputs, inputs))
                : Optional.empty();
    }

    /// Whether several matrices that are one tensor are stored as codes.
    ///
    /// @param stack name of the tensor
    public boolean hasStack(String stack) {
        return format instanceof Mxfp4 mxfp4 && mxfp4.has(stack);
    }

    /// One of the matrices of a stack that [#hasStack].
    ///
    /// @param count how many there are
    /// @param index of the one that is wanted
    /// @throws entropylens.checkpoint.CheckpointException as [#matrix]
    public CodedMatrix ofStack(String stack, int count, int index, int outputs, int inputs) {
        if (format instanceof Mxfp4 mxfp4) {
            return mxfp4.ofStack(stack, count, index, outputs, inputs);
        }
        throw new IllegalArgumentException("no stack of codes is called " + stack);
    }

    /// Whether a tensor that nobody took may be left over, since it does not change the weights:
    /// scales of activations or of the KV cache, say.
    public boolean harmless(String tensor) {
        return format.harmless(tensor);
    }
}
