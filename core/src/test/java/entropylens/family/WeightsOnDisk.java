package entropylens.family;

import entropylens.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A model.safetensors taken to pieces, to be put together as another one.
final class WeightsOnDisk {
    private static final JsonMapper JSON = new JsonMapper();

    record Piece(String dtype, JsonNode shape, byte[] bytes) {
        /// The same but for one bit of its last number.
        Piece changed() {
            byte[] other = bytes.clone();
            other[other.length - 1] ^= 1;
            return new Piece(dtype, shape, other);
        }
    }

    final Map<String, Piece> pieces = new LinkedHashMap<>();

    static WeightsOnDisk read(Path file) {
        try {
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
            int length = (int) all.order(ByteOrder.LITTLE_ENDIAN).getLong();
            int begin = Long.BYTES + length;
            String header = new String(all.array(), Long.BYTES, length, StandardCharsets.UTF_8);
            WeightsOnDisk weights = new WeightsOnDisk();
            for (var entry : JSON.readTree(header).properties()) {
                if (!entry.getKey().equals("__metadata__")) {
                    JsonNode tensor = entry.getValue();
                    JsonNode offsets = tensor.get("data_offsets");
                    weights.pieces.put(
                            entry.getKey(),
                            new Piece(
                                    tensor.get("dtype").asString(),
                                    tensor.get("shape"),
                                    Arrays.copyOfRange(
                                            all.array(),
                                            begin + offsets.get(0).asInt(),
                                            begin + offsets.get(1).asInt())));
                }
            }
            return weights;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    WeightsOnDisk renamed(UnaryOperator<String> how) {
        WeightsOnDisk renamed = new WeightsOnDisk();
        pieces.forEach((name, piece) -> renamed.pieces.put(how.apply(name), piece));
        return renamed;
    }

    /// A model of these weights and of the other files of `model`.
    Path write(Path model, Path to) {
        try (Stream<Path> files = Files.list(model)) {
            Files.createDirectories(to);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().endsWith(".safetensors")) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ObjectNode header = JSON.createObjectNode();
        int length = pieces.values().stream().mapToInt(piece -> piece.bytes().length).sum();
        ByteBuffer data = ByteBuffer.allocate(length);
        pieces.forEach((name, piece) -> {
            ObjectNode entry = header.putObject(name);
            entry.put("dtype", piece.dtype());
            entry.set("shape", piece.shape());
            entry.putArray("data_offsets")
                    .add(data.position())
                    .add(data.position() + piece.bytes().length);
            data.put(piece.bytes());
        });
        SafetensorsWriter.write(
                to.resolve("model.safetensors"),
                SafetensorsWriter.raw(header.toString(), data.array()));
        return to;
    }
}
