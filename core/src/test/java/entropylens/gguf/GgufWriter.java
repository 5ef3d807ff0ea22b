package entropylens.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes GGUF files, good and bad, for tests.
public final class GgufWriter {
    private record Stored(String name, int type, long[] sizes, byte[] data) {}

    private final Map<String, byte[]> pairs = new LinkedHashMap<>();
    private final List<Stored> tensors = new ArrayList<>();
    private int version = 3;
    private int alignment = 32;

    /// A writer with what every model's metadata say first.
    public static GgufWriter of(String architecture) {
        return new GgufWriter().text("general.architecture", architecture);
    }

    public GgufWriter version(int number) {
        version = number;
        return this;
    }

    public GgufWriter alignment(int bytes) {
        alignment = bytes;
        return integer("general.alignment", bytes);
    }

    public GgufWriter text(String key, String value) {
        return pair(key, 8, string(value));
    }

    public GgufWriter integer(String key, int value) {
        return pair(key, 4, buffer(4).putInt(value).array());
    }

    public GgufWriter number(String key, float value) {
        return pair(key, 6, buffer(4).putFloat(value).array());
    }

    public GgufWriter flag(String key, boolean value) {
        return pair(key, 7, new byte[] {(byte) (value ? 1 : 0)});
    }

    public GgufWriter texts(String key, List<String> values) {
        var bytes = new ByteArrayOutputStream();
        values.forEach(value -> bytes.writeBytes(string(value)));
        return array(key, 8, values.size(), bytes.toByteArray());
    }

    public GgufWriter integers(String key, int... values) {
        ByteBuffer bytes = buffer(values.length * 4);
        bytes.asIntBuffer().put(values);
        return array(key, 5, values.length, bytes.array());
    }

    public GgufWriter numbers(String key, float... values) {
        ByteBuffer bytes = buffer(values.length * 4);
        bytes.asFloatBuffer().put(values);
        return array(key, 6, values.length, bytes.array());
    }

    private GgufWriter array(String key, int type, long count, byte[] elements) {
        ByteBuffer bytes = buffer(12 + elements.length).putInt(type).putLong(count);
        return pair(key, 9, bytes.put(elements).array());
    }

    /// A pair of any type, whatever its bytes.
    public GgufWriter pair(String key, int type, byte[] value) {
        pairs.put(key, buffer(4 + value.length).putInt(type).put(value).array());
        return this;
    }

    /// A tensor in F32.
    ///
    /// @param sizes innermost first, as in the file
    public GgufWriter floats(String name, float[] values, long... sizes) {
        ByteBuffer bytes = buffer(values.length * 4);
        bytes.asFloatBuffer().put(values);
        return tensor(name, 0, bytes.array(), sizes);
    }

    /// A tensor of any type, whatever its bytes.
    public GgufWriter tensor(String name, int type, byte[] data, long... sizes) {
        tensors.add(new Stored(name, type, sizes, data));
        return this;
    }

    public byte[] bytes() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(
                buffer(24)
                        .putInt(GgufHeader.MAGIC)
                        .putInt(version)
                        .putLong(tensors.size())
                        .putLong(pairs.size())
                        .array());
        pairs.forEach((key, value) -> {
            out.writeBytes(string(key));
            out.writeBytes(value);
        });
        long offset = 0;
        for (Stored tensor : tensors) {
            out.writeBytes(string(tensor.name));
            ByteBuffer entry = buffer(16 + 8 * tensor.sizes.length).putInt(tensor.sizes.length);
            for (long size : tensor.sizes) {
                entry.putLong(size);
            }
            out.writeBytes(entry.putInt(tensor.type).putLong(offset).array());
            offset += padded(tensor.data.length);
        }
        pad(out);
        for (Stored tensor : tensors) {
            out.writeBytes(tensor.data);
            pad(out);
        }
        return out.toByteArray();
    }

    public Path write(Path file) {
        try {
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int padded(int length) {
        return Math.ceilDiv(length, alignment) * alignment;
    }

    private void pad(ByteArrayOutputStream out) {
        out.writeBytes(new byte[padded(out.size()) - out.size()]);
    }

    private static byte[] string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return buffer(8 + bytes.length).putLong(bytes.length).put(bytes).array();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
