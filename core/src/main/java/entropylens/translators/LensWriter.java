package entropylens.translators;

import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import entropylens.lens.Lens;
import entropylens.lens.RandomRotation;
import entropylens.lens.Translator;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// Writes a lens that was fitted, in our own form (docs/method.md).
public final class LensWriter {
    private static final int CHUNK = 1 << 20;

    private LensWriter() {}

    private record Entry(String name, List<Integer> shape, MemorySegment data) {}

    /// @param lens of shifts, or of matrices of float32 as [LensFit] and [TunedFit] make them, for
    ///   every layer from 0 on
    /// @param facts of how it was made, by name
    public static void write(Lens lens, SortedMap<String, String> facts, OutputStream out)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            List<Entry> entries = new ArrayList<>();
            lens.translators()
                    .forEach((layer, translator) -> add(entries, layer, translator, arena));
            byte[] header = header(lens, facts, entries).getBytes(StandardCharsets.UTF_8);
            WritableByteChannel channel = Channels.newChannel(out);
            channel.write(
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(0, header.length));
            channel.write(ByteBuffer.wrap(header));
            for (Entry entry : entries) {
                write(entry.data, channel);
            }
        }
    }

    private static void add(List<Entry> entries, int layer, Translator translator, Arena arena) {
        switch (translator) {
            case Translator.Shift(float[] by) ->
                    entries.add(vector(OwnFile.bias(layer), by, arena));
            case RandomRotation _ ->
                    throw new IllegalArgumentException("a control is drawn, not written");
            case Translator.Affine(var map, boolean added) -> {
                Matrix matrix = map.matrix();
                if (!(matrix instanceof DenseMatrix dense) || dense.type() != WeightType.F32) {
                    throw new IllegalArgumentException("only matrices of float32 are written");
                }
                int d = dense.inputs();
                MemorySegment weights = added ? withIdentity(dense, arena) : dense.data();
                entries.add(new Entry(OwnFile.weight(layer), List.of(d, d), weights));
                if (map.bias() != null) {
                    entries.add(vector(OwnFile.bias(layer), map.bias(), arena));
                }
            }
        }
    }

    /// `I + A`, rounded to float32.
    private static MemorySegment withIdentity(DenseMatrix added, Arena arena) {
        long d = added.inputs();
        MemorySegment sum = arena.allocate(d * d * Float.BYTES);
        for (long i = 0; i < d * d; i++) {
            float one = i / d == i % d ? 1 : 0;
            sum.setAtIndex(OwnFile.LITTLE, i, added.data().getAtIndex(OwnFile.LITTLE, i) + one);
        }
        return sum;
    }

    private static Entry vector(String name, float[] values, Arena arena) {
        MemorySegment data = arena.allocate(4L * values.length);
        for (int i = 0; i < values.length; i++) {
            data.setAtIndex(OwnFile.LITTLE, i, values[i]);
        }
        return new Entry(name, List.of(values.length), data);
    }

    /// Padded to a multiple of 8, as safetensors does.
    private static String header(Lens lens, SortedMap<String, String> facts, List<Entry> entries) {
        Map<String, Object> json = new LinkedHashMap<>();
        SortedMap<String, String> said = new TreeMap<>(facts);
        said.put(OwnFile.FORMAT, OwnFile.NAME);
        said.put(OwnFile.KIND, lens.kind());
        said.put(
                OwnFile.D_MODEL,
                String.valueOf(lens.translators().firstEntry().getValue().dModel()));
        said.put(OwnFile.LAYERS, String.valueOf(lens.translators().size()));
        json.put("__metadata__", said);
        long at = 0;
        for (Entry entry : entries) {
            long end = at + entry.data.byteSize();
            Map<String, Object> described = new LinkedHashMap<>(); // the same bytes every time
            described.put("dtype", "F32");
            described.put("shape", entry.shape);
            described.put("data_offsets", List.of(at, end));
            json.put(entry.name, described);
            at = end;
        }
        String text = JsonMapper.shared().writeValueAsString(json);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return text + " ".repeat(-bytes & 7);
    }

    private static void write(MemorySegment data, WritableByteChannel channel) throws IOException {
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
            long length = Math.min(CHUNK, data.byteSize() - at);
            channel.write(data.asSlice(at, length).asByteBuffer());
        }
    }
}
