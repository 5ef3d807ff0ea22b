package entropylens.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// Tensors of random content, written as a safetensors file.
final class StoredTensors {
    /// Fills a piece of a tensor: a whole number of its elements.
    @FunctionalInterface
    interface Content {
        void fill(ByteBuffer piece, SplittableRandom random);
    }

    private static final int PIECE = 1 << 16;

    private record Part(String name, String type, long size, long[] shape, Content content) {}

    private final List<Part> parts = new ArrayList<>();

    void add(String name, String type, Content content, long... shape) {
        long size = bytes(type) * LongStream.of(shape).reduce(1, (a, b) -> a * b);
        parts.add(new Part(name, type, size, shape, content));
    }

    private static int bytes(String type) {
        return switch (type) {
            case "F32", "I32" -> 4;
            case "F16", "BF16" -> 2;
            default -> 1;
        };
    }

    /// Numbers spread evenly around 0, of that standard deviation.
    static Content weights(String type, double deviation) {
        float most = (float) (deviation * Math.sqrt(3));
        return (piece, random) -> {
            while (piece.hasRemaining()) {
                put(type, most * (2 * (random.nextInt() >>> 8) * 0x1p-24f - 1), piece);
            }
        };
    }

    /// The same number everywhere.
    static Content constant(String type, double number) {
        return (piece, random) -> {
            while (piece.hasRemaining()) {
                put(type, (float) number, piece);
            }
        };
    }

    /// Every bit random.
    static Content codes() {
        return (piece, random) -> {
            byte[] bytes = new byte[piece.remaining()];
            random.nextBytes(bytes);
            piece.put(bytes);
        };
    }

    /// These bytes.
    static Content bytes(byte[] bytes) {
        return (piece, random) -> piece.put(bytes);
    }

    private static void put(String type, float number, ByteBuffer to) {
        switch (type) {
            case "F32" -> to.putFloat(number);
            case "BF16" -> to.putShort((short) (Float.floatToRawIntBits(number) >>> 16));
            case "F16" -> to.putShort(Float.floatToFloat16(number));
            default -> throw new IllegalArgumentException("no numbers of type " + type);
        }
    }

    void write(Path file) throws IOException {
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
                                            offset + part.size));
            offset += part.size;
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
                fill(part.size, new SplittableRandom(part.name.hashCode()), part.content, out);
            }
        }
    }

    static void fill(long size, SplittableRandom random, Content content, OutputStream out)
            throws IOException {
        ByteBuffer piece =
                ByteBuffer.allocate((int) Math.min(size, PIECE)).order(ByteOrder.LITTLE_ENDIAN);
        for (long left = size; left > 0; left -= piece.limit()) {
            piece.clear().limit((int) Math.min(left, piece.capacity()));
            content.fill(piece, random);
            out.write(piece.array(), 0, piece.limit());
        }
    }
}
