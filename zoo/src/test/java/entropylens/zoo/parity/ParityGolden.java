package entropylens.zoo.parity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What transformers computed for held-out texts with one model of the zoo.
///
/// @param texts ids of each, begin and end included
/// @param loss nats of the tokens after the first, summed, of each text
/// @param lastLogits `[text][d_vocab]` at the last position
public record ParityGolden(List<int[]> texts, double[] loss, float[][] lastLogits) {
    private static final int LENGTH_BYTES = 8;

    /// Reads a file of `write_parity.py`: eight bytes with the header's length, the header, the
    /// data (safetensors).
    static ParityGolden read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(bytes.getLong(0));
        byte[] json = new byte[headerLength];
        bytes.get(LENGTH_BYTES, json);
        JsonNode header = new JsonMapper().readTree(json);
        ByteBuffer data =
                bytes.slice(
                                LENGTH_BYTES + headerLength,
                                bytes.limit() - LENGTH_BYTES - headerLength)
                        .order(ByteOrder.LITTLE_ENDIAN);
        int[] lengths = ints(data, header.get("lengths"));
        int dVocab = header.get("last_logits").get("shape").get(1).intValue();
        return new ParityGolden(
                texts(ints(data, header.get("ids")), lengths),
                doubles(data, header.get("loss")),
                rows(data, header.get("last_logits"), lengths.length, dVocab));
    }

    private static List<int[]> texts(int[] ids, int[] lengths) {
        List<int[]> texts = new ArrayList<>();
        int from = 0;
        for (int length : lengths) {
            texts.add(java.util.Arrays.copyOfRange(ids, from, from + length));
            from += length;
        }
        return texts;
    }

    private static ByteBuffer slice(ByteBuffer data, JsonNode tensor) {
        int begin = tensor.get("data_offsets").get(0).intValue();
        int end = tensor.get("data_offsets").get(1).intValue();
        return data.slice(begin, end - begin).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int[] ints(ByteBuffer data, JsonNode tensor) {
        var values = slice(data, tensor).asIntBuffer();
        int[] ints = new int[values.remaining()];
        values.get(ints);
        return ints;
    }

    private static double[] doubles(ByteBuffer data, JsonNode tensor) {
        var values = slice(data, tensor).asDoubleBuffer();
        double[] doubles = new double[values.remaining()];
        values.get(doubles);
        return doubles;
    }

    private static float[][] rows(ByteBuffer data, JsonNode tensor, int count, int width) {
        var values = slice(data, tensor).asFloatBuffer();
        float[][] rows = new float[count][width];
        for (float[] row : rows) {
            values.get(row);
        }
        return rows;
    }

    /// Tokens that have a loss.
    int targets() {
        return texts.stream().mapToInt(ids -> ids.length - 1).sum();
    }

    /// exp of the mean loss over all tokens of all texts.
    double perplexity() {
        return perplexity(loss);
    }

    /// The same with other losses of the same texts.
    double perplexity(double[] losses) {
        return Math.exp(java.util.Arrays.stream(losses).sum() / targets());
    }
}
