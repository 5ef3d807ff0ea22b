package entropylens.quantised;

import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.CodedMatrix;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Floats of 8 bits (e4m3fn) with scales for the whole matrix, for outputs or for blocks. In the
/// files of DeepSeek, Qwen and Mistral (`quant_method` fp8) the scales are `weight_scale_inv`, in
/// others `weight_scale`; FBGEMM has one for each output.
///
/// A weight is `float32(code) · float32(scale)`: `Fp8Dequantize` of transformers 5.18
/// (integrations/finegrained_fp8.py) with a model in float32. Blocks are those of config.json, cut
/// off at the edge as in DeepSeek's own code; transformers derives them from the grid of scales,
/// which is the same where blocks fit.
final class Fp8 implements Format {
    private static final List<String> SCALES = List.of(".weight_scale_inv", ".weight_scale");

    /// Of activations and the KV cache, which stay float32.
    private static final Set<String> UNUSED =
            Set.of(
                    ".activation_scale",
                    ".input_scale",
                    ".input_scale_ub",
                    ".k_scale",
                    ".output_scale",
                    ".prob_scale",
                    ".q_scale",
                    ".v_scale");

    private final Stored stored;
    private final int[] block;
    private final String name;

    private Fp8(Stored stored, int[] block, String name) {
        this.stored = stored;
        this.block = block;
        this.name = name;
    }

    static Fp8 finegrained(ConfigJson settings, Stored stored) {
        // MiniMax writes the name that PyTorch has for it
        if (!settings.stringOr("fmt", "e4m3").equals("float8_e4m3fn")) {
            settings.mustBe("fmt", "e4m3", "other floats of 8 bits are not implemented");
        }
        settings.withoutEffect(
                "act_per_tensor",
                "activation_scheme",
                "dequantize",
                "ignore",
                "ignored_layers",
                "kv_cache_quant_method",
                "kv_cache_scheme",
                "modules_to_not_convert",
                "quant_library",
                "scale_fmt",
                "weight_per_tensor");
        return new Fp8(stored, Blocks.of(settings, "weight_block_size"), "fp8 e4m3");
    }

    static Fp8 fbgemm(ConfigJson settings, Stored stored) {
        settings.withoutEffect("activation_scale_ub", "modules_to_not_convert");
        return new Fp8(stored, new int[0], "fp8 e4m3 (FBGEMM)");
    }

    @Override
    public String described() {
        return name + ", " + (block.length == 2 ? Blocks.described(block) : kindOfScales());
    }

    private String kindOfScales() {
        boolean tensors =
                stored.checkpoint().names().stream()
                        .filter(tensor -> SCALES.stream().anyMatch(tensor::endsWith))
                        .allMatch(tensor -> stored.checkpoint().elements(tensor) == 1);
        return tensors ? "a scale per matrix" : "a scale per output";
    }

    @Override
    public boolean has(String module) {
        String weight = module + ".weight";
        return stored.is(weight, DType.F8_E4M3)
                || stored.is(weight, DType.F8_E5M2)
                || scale(module) != null;
    }

    private @Nullable String scale(String module) {
        return SCALES.stream()
                .map(suffix -> module + suffix)
                .filter(stored::has)
                .findFirst()
                .orElse(null);
    }

    @Override
    public CodedMatrix matrix(String module, int outputs, int inputs) {
        Tensor codes = stored.take(module + ".weight", Set.of(DType.F8_E4M3), outputs, inputs);
        String name = scale(module);
        Tensor scales =
                stored.take(name == null ? module + SCALES.getFirst() : name, Stored.FLOATS);
        boolean blocks = block.length == 2 && scales.elements() > 1;
        ScaleGrid grid = ScaleGrid.of(scales, outputs, inputs, blocks ? block : new int[0]);
        ByteRows rows = new ByteRows(codes.data(), inputs, true, grid, null, Rounding.F32);
        double bytes = inputs + (double) scales.data().byteSize() / outputs;
        return new CodedMatrix("F8_E4M3", rows, 0, outputs, inputs, bytes);
    }

    @Override
    public boolean harmless(String tensor) {
        return UNUSED.stream().anyMatch(tensor::endsWith);
    }
}
