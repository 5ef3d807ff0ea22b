package entropylens.cli;

import entropylens.checkpoint.CheckpointException;
import entropylens.gguf.GgufSummary;
import entropylens.hub.HubSettings;
import entropylens.hub.LocalModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A model in GGUF on this machine, as `models` lists it.
///
/// @param name for `--model`
/// @param file empty where there is none
/// @param architecture as llama.cpp names it, where the file can be read
/// @param quantisation types of most weights; empty where the file cannot be read
/// @param bytes of its files, 0 where they cannot be read
/// @param problem why it cannot be used, where that is known
record LocalGguf(
        String name,
        Optional<Path> file,
        String architecture,
        String quantisation,
        long bytes,
        Optional<String> problem) {

    /// All of them, by their names. Reads their headers; none of them stops the list.
    static List<LocalGguf> all(HubSettings settings) {
        List<LocalGguf> all = new ArrayList<>();
        LocalModels.gguf(settings).forEach((name, found) -> all.add(of(name, found)));
        return all;
    }

    private static LocalGguf of(String name, LocalModels.Found found) {
        if (found.file().isEmpty()) {
            return unreadable(name, found, found.problem());
        }
        try {
            GgufSummary summary = GgufSummary.of(found.file().get());
            long bytes = 0;
            for (Path file : summary.files()) {
                bytes += Files.size(file);
            }
            return new LocalGguf(
                    name,
                    found.file(),
                    summary.architecture(),
                    summary.quantisation(),
                    bytes,
                    summary.refusal());
        } catch (CheckpointException e) {
            return unreadable(name, found, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return unreadable(name, found, Failures.reason(e));
        }
    }

    private static LocalGguf unreadable(String name, LocalModels.Found found, String why) {
        return new LocalGguf(name, found.file(), "", "", 0, Optional.of(why));
    }

    /// As JSON; keys are described in docs/method.md.
    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("path", file.map(Path::toString).orElse(null));
        json.put("architecture", architecture.isEmpty() ? null : architecture);
        json.put("quantisation", quantisation.isEmpty() ? null : quantisation);
        json.put("bytes", bytes);
        json.put("problem", problem.orElse(null));
        return json;
    }
}
