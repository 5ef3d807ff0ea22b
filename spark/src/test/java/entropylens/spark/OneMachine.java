package entropylens.spark;

import entropylens.EntropyLens;
import entropylens.batch.BatchIdentity;
import entropylens.batch.BatchModel;
import entropylens.batch.BatchRun;
import entropylens.batch.ModelIdentity;
import entropylens.batch.Shard;
import entropylens.data.Manifest;
import entropylens.data.Prompts;
import entropylens.data.Store;
import entropylens.hub.HubSettings;
import entropylens.hub.Models;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A batch as `entropy-lens batch` runs it, which a cluster is held to.
final class OneMachine {
    static final Path MODEL = Path.of("../zoo/models/tinytown-llama-4").toAbsolutePath();

    private OneMachine() {}

    /// Files of prompts: one line each of several lengths, and some that cannot be measured.
    static List<Path> prompts(Path folder, int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(
                    switch (i % 50) {
                        case 17 -> "{\"prompt\": \"\", \"n\": %d}".formatted(i);
                        case 34 -> "{\"other\": true, \"n\": %d}".formatted(i);
                        default ->
                                "{\"prompt\": \"The baker %d%s\", \"n\": %d, \"tag\": [%s]}"
                                        .formatted(i, " went to the mill".repeat(i % 7), i, i % 3);
                    });
        }
        Path json = Files.write(folder.resolve("b.jsonl"), lines);
        Path text =
                Files.writeString(
                        folder.resolve("a.txt"),
                        "Once upon a time\n\nThe cat sat.\n\n" + "mill ".repeat(600) + "\n");
        return List.of(text, json);
    }

    /// The model with a template of a chat, and an adapter beside it.
    static Path withChat(Path folder) throws IOException {
        Path model = Files.createDirectory(folder.resolve("chatty"));
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Files.writeString(
                model.resolve("chat_template.jinja"),
                "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}");
        return model;
    }

    /// An adapter of rank 1 that changes how the first block's attention asks.
    static Path adapter(Path folder, int width) throws IOException {
        Path adapter = Files.createDirectory(folder.resolve("asks"));
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 1, \"target_modules\": [\"q_proj\"], \"layers_to_transform\": [0]}");
        String name = "base_model.model.model.layers.0.self_attn.q_proj.lora_";
        int bytes = width * Float.BYTES;
        byte[] header =
                "{\"%sA.weight\":{\"dtype\":\"F32\",\"shape\":[1,%d],\"data_offsets\":[0,%d]},\"%sB.weight\":{\"dtype\":\"F32\",\"shape\":[%d,1],\"data_offsets\":[%d,%d]}}"
                        .formatted(name, width, bytes, name, width, bytes, 2 * bytes)
                        .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(Long.BYTES + header.length + 2 * bytes)
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        while (file.hasRemaining()) {
            file.putFloat(0.1f * (file.position() % 7));
        }
        Files.write(adapter.resolve("adapter_model.safetensors"), file.array());
        return adapter;
    }

    /// The directory of the run.
    static Path run(Path directory, List<Path> files, SparkSettings settings) throws IOException {
        List<Prompts.Source> sources =
                files.stream().map(file -> new Prompts.Source(file, file)).toList();
        List<String> hashes = new ArrayList<>();
        for (Path file : files) {
            hashes.add(sha256(file));
        }
        Path path = Path.of(settings.model());
        BatchTerms terms = settings.terms();
        HubSettings hub = HubSettings.of(Map.of(), directory);
        try (EntropyLens lens = EntropyLens.open(path, terms.loadOptions(hub), 2);
                Prompts prompts = new Prompts(sources, terms.columns())) {
            String name = Models.nameOf(path) + ModelIdentity.adapters(lens.loaded());
            BatchModel model = new BatchModel(name, lens, terms.form(path));
            Map<String, String> identity = ModelIdentity.of(lens.loaded());
            identity.putAll(ModelIdentity.of(model.chat()));
            Manifest manifest =
                    Manifest.of(
                            BatchIdentity.of(
                                    terms.settings(),
                                    Shard.WHOLE,
                                    hashes,
                                    terms.columns(),
                                    terms.chatIdentity(),
                                    Map.of(model.name(), identity),
                                    lens.kernels()),
                            Map.of());
            try (Store store = Store.open(directory, manifest, terms.readout(), false)) {
                new BatchRun(store, terms.settings(), Shard.WHOLE, (_, _, _) -> {})
                        .run(model, prompts, false);
                store.exportParquet();
            }
        }
        return directory;
    }

    private static String sha256(Path file) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
