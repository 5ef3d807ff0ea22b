package entropylens.bench;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.quantised.Mxfp4;
import entropylens.quantised.Quantisation;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// A quantised matrix of random codes in a checkpoint of one module, written and read as published
/// ones are.
final class StoredCodes {
    private static final int GROUP = 128;

    private record Part(String name, String type, int bytes, long[] shape, boolean codes) {
        long size() {
            return bytes * LongStream.of(shape).reduce(1, (a, b) -> a * b);
        }
    }

    private final List<Part> parts = new ArrayList<>();

    private StoredCodes() {}

    /// The matrix in a format, in a file of its own under `directory`.
    static Matrix matrix(Path directory, String format, int outputs, int inputs, Arena arena)
            throws IOException {
        StoredCodes stored = new StoredCodes();
        String settings = stored.describe(format, outputs, inputs);
        Files.writeString(
                directory.resolve("config.json"),
                "{\"quantization_config\": %s}".formatted(settings));
        stored.write(directory.resolve("model.safetensors"));
        Checkpoint checkpoint = Checkpoint.open(directory, arena);
        return format.equals("mxfp4")
                ? Mxfp4.expert(checkpoint, "x", 1, 0, outputs, inputs)
                : Quantisation.of(ConfigJson.read(directory.resolve("config.json")), checkpoint)
                        .flatMap(how -> how.matrix("x", outputs, inputs))
                        .orElseThrow();
    }

    private String describe(String format, long outputs, long inputs) {
        long groups = inputs / GROUP;
        return switch (format) {
            case "fp8" -> {
                codes("x.weight", "F8_E4M3", 1, outputs, inputs);
                numbers("x.weight_scale_inv", "F32", 4, outputs / 128, inputs / 128);
                yield "{\"quant_method\": \"fp8\", \"weight_block_size\": [128, 128]}";
            }
            case "int8" -> {
                codes("x.weight", "I8", 1, outputs, inputs);
                numbers("x.weight_scale", "BF16", 2, outputs, 1);
                yield compressed("int-quantized", 8);
            }
            case "int4" -> {
                codes("x.weight_packed", "I32", 4, outputs, inputs / 8);
                numbers("x.weight_scale", "BF16", 2, outputs, groups);
                yield compressed("pack-quantized", 4);
            }
            case "gptq" -> {
                codes("x.qweight", "I32", 4, inputs / 8, outputs);
                codes("x.qzeros", "I32", 4, groups, outputs / 8);
                numbers("x.scales", "F16", 2, groups, outputs);
                yield "{\"quant_method\": \"gptq\", \"bits\": 4, \"group_size\": 128}";
            }
            case "awq" -> {
                codes("x.qweight", "I32", 4, inputs, outputs / 8);
                codes("x.qzeros", "I32", 4, groups, outputs / 8);
                numbers("x.scales", "F16", 2, groups, outputs);
                yield "{\"quant_method\": \"awq\", \"bits\": 4, \"group_size\": 128}";
            }
            case "nf4" -> {
                codes("x.weight", "U8", 1, outputs * inputs / 2, 1);
                numbers("x.weight.absmax", "F32", 4, outputs * inputs / 64);
                numbers("x.weight.quant_map", "F32", 4, 16);
                state(outputs, inputs);
                yield "{\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true}";
            }
            case "mxfp4" -> {
                codes("x_blocks", "U8", 1, outputs, inputs / 32, 16);
                parts.add(new Part("x_scales", "U8", 1, new long[] {outputs, inputs / 32}, false));
                yield "{\"quant_method\": \"mxfp4\"}";
            }
            default -> throw new IllegalArgumentException("no format " + format);
        };
    }

    private static String compressed(String form, int bits) {
        return "{\"quant_method\": \"compressed-tensors\", \"format\": \"%s\", \"config_groups\": {\"a\": {\"weights\": {\"num_bits\": %d}}}}"
                .formatted(form, bits);
    }

    private byte[] state = new byte[0];

    private void state(long outputs, long inputs) {
        state =
                "{\"quant_type\": \"nf4\", \"blocksize\": 64, \"dtype\": \"bfloat16\", \"shape\": [%d, %d]}"
                        .formatted(outputs, inputs)
                        .getBytes(StandardCharsets.UTF_8);
        String name = "x.weight.quant_state.bitsandbytes__nf4";
        parts.add(new Part(name, "U8", 1, new long[] {state.length}, false));
    }

    private void codes(String name, String type, int bytes, long... shape) {
        parts.add(new Part(name, type, bytes, shape, true));
    }

    private void numbers(String name, String type, int bytes, long... shape) {
        parts.add(new Part(name, type, bytes, shape, false));
    }

    private void write(Path file) throws IOException {
        StringBuilder header = new StringBuilder("{");
        long offset = 0;
        for (Part part : parts) {
            header.append(header.length() == 1 ? "" : ",")
                    .append(
                            "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                                    .formatted(
                                            part.name,
                                            part.type,
                                            LongStream.of(part.shape).boxed().toList(),
                                            offset,
                                            offset + part.size()));
            offset += part.size();
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(json.length)
                            .array());
            out.write(json);
            for (Part part : parts) {
                write(part, out);
            }
        }
    }

    private void write(Part part, OutputStream out) throws IOException {
        if (part.name.contains("quant_state")) {
            out.write(state);
            return;
        }
        SplittableRandom random = new SplittableRandom(part.name.hashCode());
        byte[] piece = new byte[1 << 16];
        for (long left = part.size(); left > 0; left -= piece.length) {
            if (part.codes) {
                random.nextBytes(piece);
                clearNaN(part, piece);
            } else {
                fill(part.type, piece);
            }
            out.write(piece, 0, (int) Math.min(left, piece.length));
        }
    }

    private static void clearNaN(Part part, byte[] piece) {
        for (int i = 0; part.type.equals("F8_E4M3") && i < piece.length; i++) {
            piece[i] = (piece[i] & 0x7F) == 0x7F ? 0 : piece[i];
        }
    }

    /// 1/64 in each type; as an exponent, 2^-7.
    private static void fill(String type, byte[] piece) {
        ByteBuffer to = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
        while (to.hasRemaining()) {
            switch (type) {
                case "F32" -> to.putFloat(1 / 64f);
                case "BF16" -> to.putShort((short) (Float.floatToRawIntBits(1 / 64f) >>> 16));
                case "F16" -> to.putShort(Float.floatToFloat16(1 / 64f));
                default -> to.put((byte) 120);
            }
        }
    }
}
