package entropylens.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A checkpoint of random weights that is as deep as one likes: the shapes and the tokenizer of a
/// model of the zoo.
final class DeepModel {
    private static final String FIRST = "model.layers.0.";
    private static final float SPREAD = 0.05f;

    private DeepModel() {}

    static Path in(Path folder, int blocks) throws IOException {
        Path model = Files.createDirectory(folder.resolve("deep-" + blocks));
        try (Stream<Path> files = Files.list(Served.LLAMA)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Path config = model.resolve("config.json");
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(Files.readString(config));
        json.put("num_hidden_layers", blocks);
        Files.writeString(config, json.toString());
        write(model.resolve("model.safetensors"), blocks);
        return model;
    }

    private static void write(Path weights, int blocks) throws IOException {
        byte[] old = Files.readAllBytes(weights);
        int length = (int) ByteBuffer.wrap(old).order(ByteOrder.LITTLE_ENDIAN).getLong();
        JsonNode header =
                JsonMapper.shared().readTree(new String(old, 8, length, StandardCharsets.UTF_8));
        Map<String, Object> all = new LinkedHashMap<>();
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> tensor : header.properties()) {
            String name = tensor.getKey();
            if (name.startsWith(FIRST)) {
                for (int block = 0; block < blocks; block++) {
                    add(name.replace(FIRST, "model.layers." + block + "."), tensor, all, sizes);
                }
            } else if (!name.startsWith("model.layers.") && !name.startsWith("__")) {
                add(name, tensor, all, sizes);
            }
        }
        byte[] head = JsonMapper.shared().writeValueAsBytes(all);
        Random random = new Random(1);
        try (OutputStream out = Files.newOutputStream(weights)) {
            out.write(little(8).putLong(head.length).array());
            out.write(head);
            for (Map.Entry<String, Long> tensor : sizes.entrySet()) {
                out.write(values(tensor.getKey(), tensor.getValue(), random));
            }
        }
    }

    private static void add(
            String name,
            Map.Entry<String, JsonNode> tensor,
            Map<String, Object> all,
            Map<String, Long> sizes) {
        long from = sizes.values().stream().mapToLong(size -> size).sum();
        JsonNode offsets = tensor.getValue().get("data_offsets");
        long size = offsets.get(1).asLong() - offsets.get(0).asLong();
        sizes.put(name, size);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("dtype", "F16");
        json.put("shape", tensor.getValue().get("shape"));
        json.put("data_offsets", new long[] {from, from + size});
        all.put(name, json);
    }

    /// Norms of about 1, all else about 0.
    private static byte[] values(String name, long bytes, Random random) {
        ByteBuffer values = little((int) bytes);
        float middle = name.contains("norm") ? 1 : 0;
        while (values.hasRemaining()) {
            float value = middle + SPREAD * (float) random.nextGaussian();
            values.putShort(Float.floatToFloat16(value));
        }
        return values.array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
