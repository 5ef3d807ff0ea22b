package entropylens.quantised;

import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Quantised;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.CodedMatrix;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// AWQ of 4 bits in the layout `gemm`, whose words hold eight outputs in an order of their own.
///
/// A weight is `(code - zero) · scale` in the type of the scales: `dequantize_gemm` of AutoAWQ 0.2
/// (utils/packing_utils.py).
final class Awq implements Format {
    private final Stored stored;
    private final String described;

    private Awq(Stored stored, String described) {
        this.stored = stored;
        this.described = described;
    }

    static Awq of(ConfigJson json, Quantised.Settings found, Stored stored) {
        ConfigJson settings = found.settings();
        int bits = settings.intOr("bits", settings.intOr("w_bit", 4));
        String version = settings.stringOr("version", "gemm").toLowerCase(Locale.ROOT);
        String format = settings.stringOr("format", "gemm").toLowerCase(Locale.ROOT);
        if (bits != 4 || !version.equals("gemm") || !format.equals("gemm")) {
            String how = bits != 4 ? bits + " bit" : version.equals("gemm") ? format : version;
            throw Quantised.unread(json, "AWQ (" + how + ")", "by its " + found.key());
        }
        settings.withoutEffect(
                "backend",
                "do_fuse",
                "exllama_config",
                "fuse_max_seq_len",
                "modules_to_fuse",
                "modules_to_not_convert",
                "zero_point");
        int size = settings.anyIntOr("group_size", settings.anyIntOr("q_group_size", 128));
        return new Awq(
                stored, "AWQ int4, " + (size > 0 ? "groups of " + size : "a group per output"));
    }

    @Override
    public String described() {
        return described;
    }

    @Override
    public boolean has(String module) {
        return stored.has(module + ".qweight");
    }

    @Override
    public CodedMatrix matrix(String module, int outputs, int inputs) {
        Tensor words = stored.take(module + ".qweight", Set.of(DType.I32), inputs, outputs / 8);
        Tensor scales = stored.take(module + ".scales", Stored.FLOATS);
        List<Long> shape = scales.shape();
        if (outputs % 8 != 0
                || shape.size() != 2
                || shape.getLast() != outputs
                || shape.getFirst() < 1
                || inputs % shape.getFirst() != 0) {
            throw Stored.wrong(
                    scales,
                    "be [groups, %d] with equal groups of %d inputs, and outputs a multiple of 8"
                            .formatted(outputs, inputs));
        }
        int groups = (int) (long) shape.getFirst();
        Tensor zeros = stored.take(module + ".qzeros", Set.of(DType.I32), groups, outputs / 8);
        ColumnCodes columns =
                new ColumnCodes(
                        ColumnCodes.Packing.OUTPUTS,
                        words.data(),
                        zeros.data(),
                        Scales.of(scales),
                        outputs,
                        inputs,
                        4,
                        groups,
                        null,
                        0);
        return new CodedMatrix(
                "INT4", columns, 0, outputs, inputs, bytesPerOutput(outputs, words, zeros, scales));
    }

    static double bytesPerOutput(int outputs, Tensor... tensors) {
        double bytes = 0;
        for (Tensor tensor : tensors) {
            bytes += tensor.data().byteSize();
        }
        return bytes / outputs;
    }

    @Override
    public boolean harmless(String tensor) {
        return false;
    }
}
