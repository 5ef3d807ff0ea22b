package entropylens.hub;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Models that other programs keep on this machine, all in GGUF:
///
/// ```
/// Ollama:    models/manifests/registry.ollama.ai/library/NAME/TAG   names the layers
///            models/blobs/sha256-…                                  one of them is the model
/// LM Studio: models/PUBLISHER/REPOSITORY/FILE.gguf
/// ```
///
/// Names and manifests come from outside; neither leads out of these folders.
public final class LocalApps {
    private static final String OLLAMA = "ollama:";
    private static final String LM_STUDIO = "lmstudio:";
    private static final String REGISTRY = "registry.ollama.ai";
    private static final String LIBRARY = "library";
    private static final String MODEL = "application/vnd.ollama.image.model";
    private static final Pattern PART = Pattern.compile("\\w[\\w.-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("sha256[:-][0-9a-f]{64}");
    private static final int MAX_MANIFEST = 1 << 20;

    /// Registry, namespace, name, tag.
    private static final int MANIFEST_DEPTH = 4;

    private LocalApps() {}

    private static List<Path> ollama(HubSettings settings) {
        String given = settings.value("OLLAMA_MODELS");
        return given == null
                ? List.of(
                        settings.expanded("~/.ollama/models"),
                        Path.of("/usr/share/ollama/.ollama/models"))
                : List.of(settings.path("OLLAMA_MODELS", given));
    }

    private static List<Path> lmStudio(HubSettings settings) {
        return List.of(
                settings.expanded("~/.lmstudio/models"),
                settings.expanded("~/.cache/lm-studio/models"));
    }

    /// The file of the model that `ollama:NAME[:TAG]`, `lmstudio:PUBLISHER/REPOSITORY` or
    /// `lmstudio:PUBLISHER/REPOSITORY/FILE` means; empty where a name is neither.
    ///
    /// @throws HubException when there is no such model, or its manifest is damaged
    static Optional<Path> find(String name, HubSettings settings) {
        if (name.startsWith(OLLAMA)) {
            return Optional.of(ofOllama(name, settings));
        }
        return name.startsWith(LM_STUDIO)
                ? Optional.of(ofLmStudio(name, settings))
                : Optional.empty();
    }

    private static Path ofOllama(String name, HubSettings settings) {
        String rest = name.substring(OLLAMA.length());
        int colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
        String tag = colon < 0 ? "latest" : rest.substring(colon + 1);
        List<String> parts =
                new ArrayList<>(List.of((colon < 0 ? rest : rest.substring(0, colon)).split("/")));
        if (parts.size() < 2) {
            parts.addFirst(LIBRARY);
        }
        if (parts.size() < 3) {
            parts.addFirst(REGISTRY);
        }
        parts.add(tag);
        requirePlain(name, parts, MANIFEST_DEPTH, "ollama:llama3.2:1b");
        for (Path root : ollama(settings)) {
            Path manifest = root.resolve("manifests");
            for (String part : parts) {
                manifest = manifest.resolve(part);
            }
            if (Files.isRegularFile(manifest)) {
                return blob(root, manifest);
            }
        }
        throw missing(name, "Ollama", ollama(settings), all(settings).keySet(), OLLAMA);
    }

    private static Path blob(Path root, Path manifest) {
        ObjectNode json =
                WeightNames.object(StrictJson.bytes(manifest, MAX_MANIFEST), manifest.toString());
        List<String> digests = new ArrayList<>();
        if (json.get("layers") instanceof ArrayNode layers) {
            for (JsonNode layer : layers) {
                if (layer.path("mediaType").asString("").equals(MODEL)) {
                    digests.add(layer.path("digest").asString(""));
                }
            }
        }
        if (digests.size() != 1 || !DIGEST.matcher(digests.getFirst()).matches()) {
            throw new HubException(
                    "%s: must name one layer of type %s by its SHA-256, but names %d; it is damaged, or no language model: pull it again with Ollama"
                            .formatted(manifest, MODEL, digests.size()));
        }
        Path blob = root.resolve("blobs").resolve(digests.getFirst().replace(':', '-'));
        if (!Files.isRegularFile(blob)) {
            throw new HubException(
                    "%s: names the model %s, which is not there; pull it again with Ollama"
                            .formatted(manifest, blob));
        }
        return blob;
    }

    private static Path ofLmStudio(String name, HubSettings settings) {
        List<String> parts = List.of(name.substring(LM_STUDIO.length()).split("/"));
        boolean file = parts.size() == 3;
        requirePlain(name, parts, file ? 3 : 2, "lmstudio:PUBLISHER/REPOSITORY");
        for (Path root : lmStudio(settings)) {
            Path folder = root.resolve(parts.get(0)).resolve(parts.get(1));
            if (file && Files.isRegularFile(folder.resolve(parts.get(2)))) {
                return folder.resolve(parts.get(2));
            }
            if (!file && Files.isDirectory(folder)) {
                List<String> files = GgufChoice.only(name, GgufChoice.in(folder));
                return folder.resolve(files.getFirst());
            }
        }
        throw missing(name, "LM Studio", lmStudio(settings), all(settings).keySet(), LM_STUDIO);
    }

    private static void requirePlain(String name, List<String> parts, int count, String example) {
        boolean plain =
                parts.size() == count
                        && parts.stream().allMatch(p -> PART.matcher(p).matches())
                        && parts.stream().noneMatch(p -> p.contains(".."));
        if (!plain) {
            throw new HubException(
                    "'%s' is no name of a model; such a name reads %s".formatted(name, example));
        }
    }

    private static HubException missing(
            String name, String app, List<Path> roots, Collection<String> all, String prefix) {
        List<String> others = all.stream().filter(other -> other.startsWith(prefix)).toList();
        return new HubException(
                "%s: %s has no such model in %s; %s"
                        .formatted(
                                name,
                                app,
                                String.join(" or ", roots.stream().map(Path::toString).toList()),
                                others.isEmpty()
                                        ? "there are none"
                                        : "there are " + String.join(", ", others)));
    }

    /// All models of these programs, by the names they have here, with their manifests or files.
    /// What cannot be read is left out.
    public static SortedMap<String, Path> all(HubSettings settings) {
        SortedMap<String, Path> all = new TreeMap<>();
        for (Path root : ollama(settings)) {
            for (Path file : files(root.resolve("manifests"), MANIFEST_DEPTH)) {
                Path parts = root.resolve("manifests").relativize(file);
                if (parts.getNameCount() == MANIFEST_DEPTH) {
                    all.putIfAbsent(ollamaName(parts), file);
                }
            }
        }
        for (Path root : lmStudio(settings)) {
            for (Path file : files(root, 3)) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (name.split("/").length == 3 && GgufChoice.isFirst(name)) {
                    all.putIfAbsent(LM_STUDIO + name, file);
                }
            }
        }
        return all;
    }

    private static String ollamaName(Path parts) {
        String folder = parts.subpath(0, MANIFEST_DEPTH - 1).toString().replace('\\', '/');
        String shorter =
                folder.startsWith(REGISTRY + "/" + LIBRARY + "/")
                        ? folder.substring(REGISTRY.length() + LIBRARY.length() + 2)
                        : folder.startsWith(REGISTRY + "/")
                                ? folder.substring(REGISTRY.length() + 1)
                                : folder;
        return OLLAMA + shorter + ":" + parts.getFileName();
    }

    /// What Ollama calls the model in one of its blobs, without the prefix; empty where a file is
    /// none, or no manifest names it.
    static Optional<String> ollamaNameOf(Path blob) {
        String digest = String.valueOf(blob.getFileName());
        Path root = blob.resolve("../..").normalize();
        boolean among = blob.normalize().equals(root.resolve("blobs").resolve(digest));
        if (!DIGEST.matcher(digest).matches() || !among) {
            return Optional.empty();
        }
        Path manifests = root.resolve("manifests");
        return files(manifests, MANIFEST_DEPTH).stream()
                .filter(file -> manifests.relativize(file).getNameCount() == MANIFEST_DEPTH)
                .filter(file -> names(root, file, blob))
                .map(file -> ollamaName(manifests.relativize(file)).substring(OLLAMA.length()))
                .findFirst();
    }

    private static boolean names(Path root, Path manifest, Path blob) {
        try {
            return blob(root, manifest).equals(blob);
        } catch (HubException | CheckpointException _) {
            return false; // of another model, or damaged
        }
    }

    private static List<Path> files(Path folder, int depth) {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            return List.of();
        }
    }
}
