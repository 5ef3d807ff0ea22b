package entropylens.quantised;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.StrictJson;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.Codes;
import entropylens.kernels.RowDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Codes of bitsandbytes' 4 bits: the matrix as one long row, cut into blocks that share a largest
/// value; the upper half of a byte comes first.
///
/// @param table what the 16 codes stand for, as shares of the largest value
record BlockCodes(
        MemorySegment data,
        int inputs,
        float[] table,
        Largest largest,
        int block,
        Rounding rounding)
        implements RowDecoder {
    private static final int MAX_STATE = 1 << 16;
    private static final int MAX_BLOCK = 1 << 20;

    /// The largest value of each block.
    @FunctionalInterface
    interface Largest {
        float at(long block);
    }

    @Override
    public void decode(int output, float[] to, int toOffset) {
        float[] values = new float[Codes.NIBBLES];
        long first = (long) output * inputs;
        long end = first + inputs;
        for (long at = first; at < end; ) {
            long next = Math.min(end, (at / block + 1) * block);
            float scale = largest.at(at / block);
            Codes.scaled(table, scale, values, 0);
            rounding.round(values, 0, Codes.NIBBLES);
            int into = toOffset + (int) (at - first);
            Codes.nibbles(data, at, (int) (next - at), true, values, 0, to, into);
            at = next;
        }
    }

    static CodedMatrix matrix(Stored stored, String weight, int outputs, int inputs) {
        Tensor codes = stored.take(weight, Set.of(DType.U8));
        long count = (long) outputs * inputs;
        if (codes.elements() != (count + 1) / 2) {
            throw Stored.wrong(codes, "hold %d×%d codes of 4 bits".formatted(outputs, inputs));
        }
        Tensor state = state(stored, weight);
        ObjectNode json = StrictJson.object(state.file(), bytes(state));
        requireShape(state, json, outputs, inputs);
        int block = size(state, json, "blocksize");
        long blocks = (count + block - 1) / block;
        Largest largest = largest(stored, weight, state, json, blocks);
        float[] table = table(stored.take(weight + ".quant_map", Set.of(DType.F32), 16));
        Rounding rounding = rounding(state, json.path("dtype").asString(""));
        BlockCodes rows = new BlockCodes(codes.data(), inputs, table, largest, block, rounding);
        boolean nested = stored.has(weight + ".nested_absmax");
        double bytes = inputs * (0.5 + (nested ? 1.0 : 4.0) / block);
        String type = json.path("quant_type").asString("").equals("nf4") ? "NF4" : "FP4";
        return new CodedMatrix(type, rows, 0, outputs, inputs, bytes);
    }

    private static Tensor state(Stored stored, String weight) {
        String prefix = weight + ".quant_state.bitsandbytes__";
        return stored.take(
                stored.has(prefix + "nf4") ? prefix + "nf4" : prefix + "fp4", Set.of(DType.U8));
    }

    private static byte[] bytes(Tensor state) {
        if (state.data().byteSize() > MAX_STATE) {
            throw Stored.wrong(state, "be no longer than %,d bytes".formatted(MAX_STATE));
        }
        return state.data().toArray(ValueLayout.JAVA_BYTE);
    }

    private static void requireShape(Tensor state, ObjectNode json, int outputs, int inputs) {
        JsonNode shape = json.path("shape");
        boolean same =
                shape.size() == 2
                        && shape.get(0).asLong(-1) == outputs
                        && shape.get(1).asLong(-1) == inputs;
        if (!same) {
            throw Stored.wrong(state, "say that the shape is [%d, %d]".formatted(outputs, inputs));
        }
    }

    private static int size(Tensor state, ObjectNode json, String key) {
        int size = json.path(key).asInt(0);
        if (size < 2 || size > MAX_BLOCK || size % 2 != 0) {
            throw Stored.wrong(state, "say an even %s of 2 to %,d".formatted(key, MAX_BLOCK));
        }
        return size;
    }

    private static Largest largest(
            Stored stored, String weight, Tensor state, ObjectNode json, long blocks) {
        String name = weight + ".absmax";
        if (!stored.has(weight + ".nested_absmax")) {
            return Scales.of(stored.take(name, Set.of(DType.F32), blocks))::at;
        }
        MemorySegment codes = stored.take(name, Set.of(DType.U8), blocks).data();
        int size = size(state, json, "nested_blocksize");
        Scales scales =
                Scales.of(
                        stored.take(
                                weight + ".nested_absmax",
                                Set.of(DType.F32),
                                (blocks + size - 1) / size));
        float[] table = table(stored.take(weight + ".nested_quant_map", Set.of(DType.F32), 256));
        JsonNode offset = json.path("nested_offset");
        if (!offset.isNumber() || !Float.isFinite((float) offset.asDouble())) {
            throw Stored.wrong(state, "say a number as nested_offset");
        }
        float add = (float) offset.asDouble();
        return block -> {
            float value = table[codes.get(ValueLayout.JAVA_BYTE, block) & 0xFF];
            return value * scales.at(block / size) + add;
        };
    }

    private static float[] table(Tensor values) {
        float[] table = new float[(int) values.elements()];
        Scales scales = Scales.of(values);
        for (int i = 0; i < table.length; i++) {
            table[i] = scales.at(i);
        }
        return table;
    }

    private static Rounding rounding(Tensor state, String dtype) {
        return switch (dtype) {
            case "float32" -> Rounding.F32;
            case "float16" -> Rounding.F16;
            case "bfloat16" -> Rounding.BF16;
            default ->
                    throw new CheckpointException(
                            "%s: tensor '%s' says the dtype \"%s\", but must say one of %s; is the download complete?"
                                    .formatted(
                                            state.file(),
                                            state.name(),
                                            dtype,
                                            List.of("float32", "float16", "bfloat16")));
        };
    }
}
