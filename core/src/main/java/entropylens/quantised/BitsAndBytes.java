package entropylens.quantised;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.RowDecoder;
import java.util.Optional;
import java.util.Set;

/// bitsandbytes: 4 bits (nf4, fp4) with a largest value for each block, and 8 bits with one for
/// each output.
///
/// 4 bits: `table[code] · absmax` in float32, rounded to the type in the tensor's own state
/// (kDequantizeBlockwise in csrc/kernels.cu); nested, `absmax = table2[code2] · absmax2 + offset`
/// (dequantize_4bit in functional.py). 8 bits: `code · SCB · float32(1/127)`
/// (int8_vectorwise_dequant); the outlier columns of LLM.int8() are a matter of activations.
final class BitsAndBytes implements Format {
    private static final float ONE_127TH = 0.007874015718698502f;

    private final Stored stored;
    private final String described;

    private BitsAndBytes(Stored stored, String described) {
        this.stored = stored;
        this.described = described;
    }

    static BitsAndBytes of(ConfigJson settings, Stored stored) {
        boolean bits4 = settings.boolOr("load_in_4bit", false);
        boolean bits8 = settings.boolOr("load_in_8bit", false);
        String type = settings.stringOr("bnb_4bit_quant_type", "fp4");
        boolean nested = settings.boolOr("bnb_4bit_use_double_quant", false);
        if (bits4 == bits8) {
            throw new CheckpointException(
                    "%s: of load_in_4bit and load_in_8bit of its quantization_config one must be true; correct the file or download it again"
                            .formatted(settings.file()));
        }
        settings.withoutEffect(
                "_load_in_4bit",
                "_load_in_8bit",
                "bnb_4bit_compute_dtype",
                "bnb_4bit_quant_storage",
                "llm_int8_enable_fp32_cpu_offload",
                "llm_int8_has_fp16_weight",
                "llm_int8_skip_modules",
                "llm_int8_threshold");
        return new BitsAndBytes(
                stored,
                "bitsandbytes "
                        + (bits8 ? "int8, a scale per output" : type + (nested ? ", nested" : "")));
    }

    @Override
    public String described() {
        return described;
    }

    @Override
    public boolean has(String module) {
        return stored.has(module + ".SCB") || stored.has(module + ".weight.absmax");
    }

    @Override
    public CodedMatrix matrix(String module, int outputs, int inputs) {
        return stored.has(module + ".SCB")
                ? int8(module, outputs, inputs)
                : BlockCodes.matrix(stored, module + ".weight", outputs, inputs);
    }

    private CodedMatrix int8(String module, int outputs, int inputs) {
        Tensor codes = stored.take(module + ".weight", Set.of(DType.I8), outputs, inputs);
        Tensor largest = stored.take(module + ".SCB", Stored.FLOATS, outputs);
        format(module);
        ScaleGrid grid = new ScaleGrid(Scales.of(largest), 1, inputs, 1);
        ByteRows rows = new ByteRows(codes.data(), inputs, false, grid, null, Rounding.F32);
        RowDecoder decoder =
                (output, to, at) -> {
                    rows.decode(output, to, at);
                    for (int i = at; i < at + inputs; i++) {
                        to[i] *= ONE_127TH;
                    }
                };
        return new CodedMatrix("I8", decoder, 0, outputs, inputs, inputs + 4);
    }

    /// 0 is row by row; the others are tiles for GPUs.
    private void format(String module) {
        Optional<Tensor> format = stored.takeIfThere(module + ".weight_format", Set.of(DType.U8));
        if (format.isPresent() && !AllZero.is(format.get().data())) {
            throw Stored.wrong(format.get(), "be 0, which is row by row");
        }
    }

    @Override
    public boolean harmless(String tensor) {
        return false;
    }
}
