package entropylens.quantised;

import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Quantised;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.CodedMatrix;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// GPTQ of 4 or 8 bits, in both layouts of checkpoints: the older one (`gptq`) stores zero points
/// less 1, `gptq_v2` as they are.
///
/// A weight is `scales[g_idx] · (code - zeros[g_idx])` in the type of the scales: AutoGPTQ 0.7
/// (nn_modules/qlinear/qlinear_cuda_old.py) and GPTQModel (nn_modules/qlinear/\_\_init\_\_.py,
/// dequantize_weight). As there, 1 is added to a stored zero point of 15 without wrapping around.
final class Gptq implements Format {
    private static final Set<String> FORMATS = Set.of("gptq", "gptq_v2");

    private final Stored stored;
    private final int zeroOffset;
    private final String described;

    private Gptq(Stored stored, int zeroOffset, String described) {
        this.stored = stored;
        this.zeroOffset = zeroOffset;
        this.described = described;
    }

    static Gptq of(ConfigJson json, Quantised.Settings found, Stored stored) {
        ConfigJson settings = found.settings();
        int bits = settings.requireInt("bits");
        String format =
                settings.string("checkpoint_format")
                        .or(() -> settings.string("format"))
                        .orElse("gptq");
        boolean marlin = settings.boolOr("is_marlin_format", false);
        if (marlin || !FORMATS.contains(format) || (bits != 4 && bits != 8)) {
            String how = marlin ? "marlin" : FORMATS.contains(format) ? bits + " bit" : format;
            throw Quantised.unread(json, "GPTQ (" + how + ")", "by its " + found.key());
        }
        settings.mustBe("pack_dtype", "int32", "other words are not implemented");
        settings.mustBeAbsent("rotation", "rotated weights are not implemented");
        settings.mustBeAbsent("adapter", "adapters in quantised models are not implemented");
        settings.withoutEffect(WITHOUT_EFFECT);
        int size = settings.anyIntOr("group_size", -1);
        boolean actOrder = settings.boolOr("desc_act", false);
        String described =
                "GPTQ int%d, %s%s"
                        .formatted(
                                bits,
                                size > 0 ? "groups of " + size : "a group per output",
                                actOrder ? ", act-order" : "");
        return new Gptq(stored, format.equals("gptq") ? 1 : 0, described);
    }

    /// How it was quantised, and which of the libraries' kernels were to run it.
    private static final String[] WITHOUT_EFFECT = {
        "act_group_aware",
        "backend",
        "batch_size",
        "block_name_to_quantize",
        "cache_block_outputs",
        "checkpoint_format",
        "damp_auto_increment",
        "damp_percent",
        "dataset",
        "desc_act",
        "disable_exllama",
        "dynamic",
        "exllama_config",
        "hyb_act",
        "lm_head",
        "max_input_length",
        "method",
        "meta",
        "model_file_base_name",
        "model_name_or_path",
        "model_seqlen",
        "module_name_preceding_first_block",
        "modules_in_block_to_quantize",
        "mse",
        "offload_to_disk",
        "pad_token_id",
        "quant_method",
        "static_groups",
        "sym",
        "tokenizer",
        "true_sequential",
        "use_cuda_fp16",
        "use_exllama"
    };

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
        Tensor words = stored.take(module + ".qweight", Set.of(DType.I32));
        int bits = bits(words, outputs, inputs);
        Tensor scales = stored.take(module + ".scales", Stored.FLOATS);
        int groups = groups(scales, outputs, inputs);
        Tensor zeros =
                stored.take(
                        module + ".qzeros", Set.of(DType.I32), groups, (long) outputs * bits / 32);
        Optional<Tensor> index = stored.takeIfThere(module + ".g_idx", Set.of(DType.I32));
        int[] groupOf =
                index.isEmpty() ? null : Integers.groups(sized(index.get(), inputs), groups);
        if (groupOf == null && inputs % groups != 0) {
            throw Stored.wrong(scales, "cut %d inputs into equal groups".formatted(inputs));
        }
        ColumnCodes columns =
                new ColumnCodes(
                        ColumnCodes.Packing.INPUTS,
                        words.data(),
                        zeros.data(),
                        Scales.of(scales),
                        outputs,
                        inputs,
                        bits,
                        groups,
                        groupOf,
                        zeroOffset);
        return new CodedMatrix(
                "INT" + bits,
                columns,
                0,
                outputs,
                inputs,
                Awq.bytesPerOutput(outputs, words, zeros, scales));
    }

    private static Tensor sized(Tensor index, int inputs) {
        if (!index.shape().equals(List.of((long) inputs))) {
            throw Stored.wrong(index, "have the shape [" + inputs + "]");
        }
        return index;
    }

    /// The width of a code, by the number of words that an output has; both may be in one file.
    private static int bits(Tensor words, int outputs, int inputs) {
        for (int bits : new int[] {4, 8}) {
            boolean whole = (long) inputs * bits % 32 == 0 && (long) outputs * bits % 32 == 0;
            List<Long> shape = List.of((long) inputs * bits / 32, (long) outputs);
            if (whole && words.shape().equals(shape)) {
                return bits;
            }
        }
        throw Stored.wrong(
                words,
                "hold %d×%d integers of 4 or 8 bits in whole words".formatted(inputs, outputs));
    }

    private static int groups(Tensor scales, int outputs, int inputs) {
        List<Long> shape = scales.shape();
        if (shape.size() != 2
                || shape.getLast() != outputs
                || shape.getFirst() < 1
                || shape.getFirst() > inputs) {
            throw Stored.wrong(
                    scales, "be [groups, %d] with at most %d groups".formatted(outputs, inputs));
        }
        return Math.toIntExact(shape.getFirst());
    }

    /// AutoGPTQ gives every module a bias, of zeros where it has none.
    @Override
    public boolean harmless(String tensor) {
        return tensor.endsWith(".bias")
                && has(tensor.substring(0, tensor.length() - ".bias".length()))
                && stored.checkpoint()
                        .stored(tensor)
                        .filter(bias -> AllZero.is(bias.data()))
                        .isPresent();
    }
}
