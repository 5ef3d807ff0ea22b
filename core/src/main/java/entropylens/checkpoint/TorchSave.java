package entropylens.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes a dict of plain values and tensors as `torch.save` does: a zip of stored entries, one of
/// them a pickle, the others the numbers of a tensor each. `torch.load` reads it, with
/// `weights_only=True` too. The same dict gives the same bytes.
public final class TorchSave {
    private static final int CHUNK = 1 << 16;

    /// How numbers are stored.
    public enum Type {
        /// float32.
        FLOAT("FloatStorage", 4),
        /// float16.
        HALF("HalfStorage", 2);

        private final String storage;
        private final int bytes;

        Type(String storage, int bytes) {
            this.storage = storage;
            this.bytes = bytes;
        }
    }

    /// A tensor without gaps.
    ///
    /// @param shape its sizes; the last is contiguous
    /// @param data its numbers, little-endian
    public record Tensor(Type type, List<Long> shape, MemorySegment data) {
        /// @throws IllegalArgumentException when the shape needs another number of bytes
        public Tensor {
            shape = List.copyOf(shape);
            long needed = shape.stream().reduce(1L, Math::multiplyExact) * type.bytes;
            if (data.byteSize() != needed) {
                throw new IllegalArgumentException(
                        "a tensor of %s needs %,d bytes, but has %,d"
                                .formatted(shape, needed, data.byteSize()));
            }
        }

        private long count() {
            return data.byteSize() / type.bytes;
        }
    }

    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private final List<Tensor> tensors = new ArrayList<>();

    private TorchSave() {}

    /// @param dict of strings or whole numbers to tensors, strings, whole numbers, booleans, lists,
    ///   and further dicts
    /// @throws IllegalArgumentException when it holds something else
    public static void write(Map<?, ?> dict, OutputStream out) throws IOException {
        TorchSave save = new TorchSave();
        save.op("\u0080\u0002");
        save.value(dict);
        save.op(".");
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setMethod(ZipOutputStream.STORED);
        entry(zip, "data.pkl", MemorySegment.ofArray(save.pickle.toByteArray()));
        entry(zip, "byteorder", text("little"));
        for (int i = 0; i < save.tensors.size(); i++) {
            entry(zip, "data/" + i, save.tensors.get(i).data);
        }
        entry(zip, "version", text("3\n"));
        zip.finish();
    }

    private static MemorySegment text(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void entry(ZipOutputStream zip, String name, MemorySegment data)
            throws IOException {
        CRC32 sum = new CRC32();
        each(data, sum::update);
        ZipEntry entry = new ZipEntry("archive/" + name);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        entry.setSize(data.byteSize());
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        each(data, zip::write);
        zip.closeEntry();
    }

    private interface Sink {
        void take(byte[] bytes, int offset, int count) throws IOException;
    }

    private static void each(MemorySegment data, Sink sink) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
            int count = (int) Math.min(CHUNK, data.byteSize() - at);
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, chunk, 0, count);
            sink.take(chunk, 0, count);
        }
    }

    /// Instructions of a pickle, one character each.
    private void op(String instructions) {
        pickle.writeBytes(instructions.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void value(Object value) {
        switch (value) {
            case Map<?, ?> dict -> {
                op("}(");
                dict.forEach((key, of) -> {
                    value(key);
                    value(of);
                });
                op("u");
            }
            case List<?> list -> {
                op("](");
                list.forEach(this::value);
                op("e");
            }
            case String text -> {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                op("X");
                pickle.writeBytes(little(4).putInt(utf8.length).array());
                pickle.writeBytes(utf8);
            }
            case Boolean flag -> op(flag ? "\u0088" : "\u0089");
            case Integer number -> number(number);
            case Long number -> number(number);
            case Tensor tensor -> tensor(tensor);
            default ->
                    throw new IllegalArgumentException(
                            "a %s has no place in such a file"
                                    .formatted(value.getClass().getSimpleName()));
        }
    }

    private void number(long number) {
        if (number == (int) number) {
            op("J");
            pickle.writeBytes(little(4).putInt((int) number).array());
        } else {
            op("\u008a\u0008");
            pickle.writeBytes(little(8).putLong(number).array());
        }
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void tensor(Tensor tensor) {
        op("ctorch._utils\n_rebuild_tensor_v2\n((");
        value("storage");
        op("ctorch\n" + tensor.type.storage + "\n");
        value(String.valueOf(tensors.size()));
        value("cpu");
        number(tensor.count());
        op("tQ");
        number(0);
        tuple(tensor.shape);
        tuple(strides(tensor.shape));
        op("\u0089ccollections\nOrderedDict\n)RtR");
        tensors.add(tensor);
    }

    private void tuple(List<Long> numbers) {
        op("(");
        numbers.forEach(this::number);
        op("t");
    }

    private static List<Long> strides(List<Long> shape) {
        List<Long> strides = new ArrayList<>();
        long stride = 1;
        for (long size : shape.reversed()) {
            strides.addFirst(stride);
            stride *= size;
        }
        return strides;
    }
}
