package entropylens.hub;

import entropylens.checkpoint.CheckpointException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Models in GGUF on this machine, by the names that they have here: those of Ollama and LM Studio,
/// and those in the cache of Hugging Face.
public final class LocalModels {
    private LocalModels() {}

    /// Where a model is.
    ///
    /// @param file the model, or the first of its parts; empty where a manifest names none
    /// @param problem why there is no file
    public record Found(Optional<Path> file, String problem) {
        static Found at(Path file) {
            return new Found(Optional.of(file), "");
        }
    }

    /// What cannot be read is left out; a model whose manifest or parts are damaged has no file.
    public static SortedMap<String, Found> gguf(HubSettings settings) {
        SortedMap<String, Found> all = new TreeMap<>();
        LocalApps.all(settings).keySet().forEach(name -> all.put(name, app(name, settings)));
        HubCache cache;
        try {
            cache = new HubCache(settings.cache());
        } catch (HubException _) {
            return all; // whoever names a model of it is told
        }
        for (ModelId id : repositories(cache)) {
            addCached(cache, id, all);
        }
        return all;
    }

    private static Found app(String name, HubSettings settings) {
        try {
            return Found.at(LocalApps.find(name, settings).orElseThrow());
        } catch (HubException | CheckpointException e) {
            return new Found(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    private static List<ModelId> repositories(HubCache cache) {
        try (Stream<Path> folders = Files.list(cache.root())) {
            return folders.filter(Files::isDirectory)
                    .flatMap(folder -> id(String.valueOf(folder.getFileName())).stream())
                    .toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of();
        }
    }

    private static Optional<ModelId> id(String folder) {
        if (!folder.startsWith(ModelId.FOLDER)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    ModelId.parse(folder.substring(ModelId.FOLDER.length()).replace("--", "/")));
        } catch (HubException _) {
            return Optional.empty(); // not of a model
        }
    }

    private static void addCached(HubCache cache, ModelId id, Map<String, Found> all) {
        try {
            Optional<Path> snapshot = cache.commit(id).map(commit -> cache.snapshot(id, commit));
            if (snapshot.isEmpty() || !Files.isDirectory(snapshot.get())) {
                return;
            }
            GgufChoice.called(id, GgufChoice.in(snapshot.get()))
                    .forEach((name, files) ->
                            all.put(name, Found.at(snapshot.get().resolve(files.getFirst()))));
        } catch (HubException _) {
            // whoever names a model of it is told
        }
    }
}
