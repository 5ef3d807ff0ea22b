package entropylens.quantised;

import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Quantised;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.CodedMatrix;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What llm-compressor writes: floats of 8 bits (`float-quantized`), integers of 8 bits
/// (`int-quantized`), integers of 4 or 8 bits in words of 32 (`pack-quantized`).
///
/// A weight is `(code - zero point) · scale`, computed in the type of the scale: `_dequantize` of
/// compressed-tensors (quantization/lifecycle/forward.py); words are unpacked as its
/// `unpack_from_int32` does (compressors/quantized_compressors/pack_quantized.py).
final class CompressedTensors implements Format {
    private static final Set<String> UNUSED =
            Set.of(
                    ".input_scale",
                    ".input_zero_point",
                    ".k_scale",
                    ".k_zero_point",
                    ".output_scale",
                    ".output_zero_point",
                    ".q_scale",
                    ".v_scale",
                    ".v_zero_point",
                    ".weight_g_idx",
                    ".weight_shape",
                    ".weight_zero_point");

    private final Stored stored;
    private final List<CompressedScheme> schemes;

    private CompressedTensors(Stored stored, List<CompressedScheme> schemes) {
        this.stored = stored;
        this.schemes = schemes;
    }

    static CompressedTensors of(ConfigJson json, Quantised.Settings found, Stored stored) {
        return new CompressedTensors(stored, CompressedScheme.all(json, found));
    }

    @Override
    public String described() {
        return "compressed-tensors "
                + String.join(
                        "; ",
                        schemes.stream().map(CompressedScheme::described).distinct().toList());
    }

    @Override
    public boolean has(String module) {
        return stored.has(module + ".weight_packed") || stored.has(module + ".weight_scale");
    }

    @Override
    public CodedMatrix matrix(String module, int outputs, int inputs) {
        return stored.has(module + ".weight_packed")
                ? packed(module, outputs, inputs)
                : bytes(module, outputs, inputs);
    }

    private CodedMatrix bytes(String module, int outputs, int inputs) {
        Tensor codes =
                stored.take(module + ".weight", Set.of(DType.F8_E4M3, DType.I8), outputs, inputs);
        Tensor scales = stored.take(module + ".weight_scale", Stored.FLOATS);
        boolean floats = codes.dtype() == DType.F8_E4M3;
        ScaleGrid grid = ScaleGrid.of(scales, outputs, inputs, block(scales, outputs));
        MemorySegment zeros = floats ? noZeros(module) : zeros(module, scales);
        ByteRows rows =
                new ByteRows(codes.data(), inputs, floats, grid, zeros, grid.scales().rounding());
        double bytes = inputs + (double) scales.data().byteSize() / outputs;
        return new CodedMatrix(floats ? "F8_E4M3" : "I8", rows, 0, outputs, inputs, bytes);
    }

    /// The size of blocks, where scales are not one for each output.
    private int[] block(Tensor scales, int outputs) {
        boolean byOutput =
                scales.elements() == 1
                        || scales.shape().isEmpty()
                        || scales.shape().getFirst() == outputs;
        return byOutput
                ? new int[0]
                : schemes.stream()
                        .map(CompressedScheme::block)
                        .filter(block -> block.length == 2)
                        .findFirst()
                        .orElse(new int[0]);
    }

    /// Floats have no zero point; old files say so with zeros.
    private @Nullable MemorySegment noZeros(String module) {
        Set<DType> types = Set.of(DType.F8_E4M3, DType.I8, DType.F32, DType.F16, DType.BF16);
        stored.takeIfThere(module + ".weight_zero_point", types)
                .filter(zeros -> !AllZero.is(zeros.data()))
                .ifPresent(zeros -> {
                    throw Stored.wrong(zeros, "be 0 everywhere, as floats have no zero point");
                });
        return null;
    }

    private @Nullable MemorySegment zeros(String module, Tensor scales) {
        String name = module + ".weight_zero_point";
        if (!stored.has(name)) {
            return null;
        }
        Tensor zeros = stored.take(name, Set.of(DType.I8));
        if (zeros.elements() != scales.elements()) {
            throw Stored.wrong(zeros, "have as many elements as there are scales");
        }
        return zeros.data();
    }

    private CodedMatrix packed(String module, int outputs, int inputs) {
        Tensor words = stored.take(module + ".weight_packed", Set.of(DType.I32));
        int bits = bits(words, outputs, inputs);
        checkShape(module, outputs, inputs);
        Tensor scales = stored.take(module + ".weight_scale", Stored.FLOATS);
        ScaleGrid grid = ScaleGrid.of(scales, outputs, inputs);
        PackedRows rows =
                new PackedRows(
                        words.data(),
                        inputs,
                        bits,
                        grid,
                        packedZeros(module, outputs, bits, grid),
                        groups(module, inputs, grid));
        double bytes = (double) (words.data().byteSize() + scales.data().byteSize()) / outputs;
        return new CodedMatrix("INT" + bits, rows, 0, outputs, inputs, bytes);
    }

    /// The width of a code, by the number of words that an output has.
    private int bits(Tensor words, int outputs, int inputs) {
        for (CompressedScheme scheme : schemes) {
            int bits = scheme.bits();
            if (!scheme.floats()
                    && words.shape()
                            .equals(
                                    List.of(
                                            (long) outputs,
                                            (long) ScaleGrid.ceil(inputs, 32 / bits)))) {
                return bits;
            }
        }
        throw Stored.wrong(
                words,
                "hold %d×%d integers of as many bits as a group of config_groups says"
                        .formatted(outputs, inputs));
    }

    private void checkShape(String module, int outputs, int inputs) {
        Set<DType> types = Set.of(DType.I64, DType.I32);
        stored.takeIfThere(module + ".weight_shape", types)
                .filter(shape -> !Integers.of(shape).equals(List.of((long) outputs, (long) inputs)))
                .ifPresent(shape -> {
                    throw Stored.wrong(shape, "say %d, %d".formatted(outputs, inputs));
                });
    }

    /// Zero points are packed as the codes are, but along the outputs; those of bytes may be bytes.
    private PackedRows.@Nullable Zeros packedZeros(
            String module, int outputs, int bits, ScaleGrid grid) {
        String name = module + ".weight_zero_point";
        if (!stored.has(name)) {
            return null;
        }
        int perRow = grid.perRow();
        if (stored.is(name, DType.I8)) {
            Tensor zeros = stored.take(name, Set.of(DType.I8));
            if (zeros.elements() != (long) perRow * ScaleGrid.ceil(outputs, grid.outputs())) {
                throw Stored.wrong(zeros, "have as many elements as there are scales");
            }
            return (output, group) ->
                    zeros.data()
                            .get(
                                    java.lang.foreign.ValueLayout.JAVA_BYTE,
                                    (long) (output / grid.outputs()) * perRow + group);
        }
        int perWord = 32 / bits;
        Tensor zeros =
                stored.take(name, Set.of(DType.I32), ScaleGrid.ceil(outputs, perWord), perRow);
        MemorySegment data = zeros.data();
        int offset = 1 << (bits - 1);
        int mask = (1 << bits) - 1;
        return (output, group) -> {
            int word = data.get(Scales.INT, 4 * ((long) (output / perWord) * perRow + group));
            return ((word >>> (bits * (output % perWord))) & mask) - offset;
        };
    }

    /// The group of each input, where activations were put in another order before grouping.
    private int @Nullable [] groups(String module, int inputs, ScaleGrid grid) {
        String name = module + ".weight_g_idx";
        return stored.has(name)
                ? Integers.groups(stored.take(name, Set.of(DType.I32), inputs), grid.perRow())
                : null;
    }

    @Override
    public boolean harmless(String tensor) {
        return UNUSED.stream().anyMatch(tensor::endsWith);
    }
}
