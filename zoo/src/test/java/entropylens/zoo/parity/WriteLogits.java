package entropylens.zoo.parity;

import entropylens.EntropyLens;
import entropylens.family.LoadedModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes all logits of a model for the texts of a golden, for `tools/zoo/compare_logits.py`. Run
/// by `zoo/write-logits`.
public final class WriteLogits {
    private WriteLogits() {}

    /// Arguments: directory of the model, golden, file to write (safetensors: `logits`, float32
    /// `[tokens, d_vocab]`).
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.err.println(
                    "usage: zoo/write-logits MODEL_DIR GOLDEN.safetensors OUT.safetensors");
            System.exit(2);
        }
        ParityGolden golden = ParityGolden.read(Path.of(args[1]));
        try (EntropyLens lens = EntropyLens.open(args[0])) {
            write(lens.loaded(), golden, Path.of(args[2]));
        }
    }

    private static void write(LoadedModel loaded, ParityGolden golden, Path file)
            throws IOException {
        int dVocab = loaded.model().config().dVocab();
        int tokens = golden.texts().stream().mapToInt(ids -> ids.length).sum();
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(header(tokens, dVocab));
            for (int[] ids : golden.texts()) {
                float[] logits = EngineLogits.of(loaded.model(), ids).values();
                ByteBuffer bytes = littleEndian(logits.length * Float.BYTES);
                bytes.asFloatBuffer().put(logits);
                out.write(bytes.array());
            }
        }
    }

    private static byte[] header(int tokens, int dVocab) {
        String json =
                "{\"logits\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
                        .formatted(tokens, dVocab, (long) tokens * dVocab * Float.BYTES);
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = littleEndian(Long.BYTES + text.length);
        return bytes.putLong(text.length).put(text).array();
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
