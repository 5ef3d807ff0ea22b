package entropylens.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes small safetensors files for tests: good ones, and with [#raw] anything at all.
public final class SafetensorsWriter {

    private record Entry(String name, String dtype, long[] shape, byte[] data) {}

    private final List<Entry> entries = new ArrayList<>();

    /// Adds a tensor whose bytes count up from `first`.
    public SafetensorsWriter counting(String name, DType dtype, int first, long... shape) {
        long size = dtype.bytes();
        for (long n : shape) {
            size *= n;
        }
        byte[] data = new byte[Math.toIntExact(size)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (first + i);
        }
        entries.add(new Entry(name, dtype.name(), shape, data));
        return this;
    }

    /// Adds a tensor of float32.
    public SafetensorsWriter f32(String name, long[] shape, float... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        entries.add(new Entry(name, "F32", shape, data.array()));
        return this;
    }

    /// The header as JSON text, without padding.
    public String header() {
        var json = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        long offset = 0;
        for (Entry e : entries) {
            json.append(
                    ",\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(
                                    e.name,
                                    e.dtype,
                                    Arrays.toString(e.shape).replace(" ", ""),
                                    offset,
                                    offset + e.data.length));
            offset += e.data.length;
        }
        return json.append('}').toString();
    }

    /// All data, one tensor after the other.
    public byte[] data() {
        int size = entries.stream().mapToInt(e -> e.data.length).sum();
        ByteBuffer all = ByteBuffer.allocate(size);
        entries.forEach(e -> all.put(e.data));
        return all.array();
    }

    /// The whole file, its header padded to a multiple of 8 as safetensors does.
    public byte[] bytes() {
        String header = header();
        return raw(header + " ".repeat(-header.length() & 7), data());
    }

    /// Writes the file.
    public Path write(Path file) {
        return write(file, bytes());
    }

    /// A file of this header, with its true length in front, and this data.
    public static byte[] raw(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    /// Writes shards and their index into `directory`.
    public static void writeShards(Path directory, Map<String, SafetensorsWriter> shards) {
        var map = new LinkedHashMap<String, String>();
        shards.forEach((shard, writer) -> {
            writer.write(directory.resolve(shard));
            writer.entries.forEach(e -> map.put(e.name, shard));
        });
        writeIndex(directory, map);
    }

    /// Writes an index that says so.
    public static void writeIndex(Path directory, Map<String, String> map) {
        var parts = new ArrayList<String>();
        map.forEach((tensor, shard) -> parts.add("\"%s\": \"%s\"".formatted(tensor, shard)));
        String json =
                "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {%s}}"
                        .formatted(String.join(", ", parts));
        write(
                directory.resolve("model.safetensors.index.json"),
                json.getBytes(StandardCharsets.UTF_8));
    }

    /// Writes any bytes.
    public static Path write(Path file, byte[] bytes) {
        try {
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
