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
import entropylens.family.LoadOptions;
import entropylens.hub.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

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

    /// The directory of the run.
    static Path run(Path directory, List<Path> files, SparkSettings settings) throws IOException {
        List<Prompts.Source> sources =
                files.stream().map(file -> new Prompts.Source(file, file)).toList();
        List<String> hashes = new ArrayList<>();
        for (Path file : files) {
            hashes.add(sha256(file));
        }
        try (EntropyLens lens = EntropyLens.open(MODEL, LoadOptions.NONE, 2);
                Prompts prompts = new Prompts(sources, settings.columns())) {
            BatchModel model = new BatchModel(Models.nameOf(MODEL), lens);
            Manifest manifest =
                    Manifest.of(
                            BatchIdentity.of(
                                    settings.settings(),
                                    Shard.WHOLE,
                                    hashes,
                                    settings.columns(),
                                    null,
                                    Map.of(model.name(), ModelIdentity.of(lens.loaded())),
                                    lens.kernels()),
                            Map.of());
            try (Store store = Store.open(directory, manifest, settings.readout(), false)) {
                new BatchRun(store, settings.settings(), Shard.WHOLE, (_, _, _) -> {})
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
