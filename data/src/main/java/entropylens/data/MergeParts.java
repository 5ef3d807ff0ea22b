package entropylens.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All parts of one batch, each there once and finished.
///
/// @param directories in the order of the parts' numbers
/// @param first the manifest of part 1
record MergeParts(List<Path> directories, Manifest first) {
    private static final String SHARD = "shard";
    private static final String WHOLE = "1/1";

    /// @param number of this part, from 1
    /// @param count of all parts
    private record Part(Path path, Manifest manifest, int number, int count) {}

    static MergeParts of(List<Path> given) {
        Map<Integer, Part> parts = new TreeMap<>();
        for (Path path : given) {
            Part part = part(path);
            Part other = parts.put(part.number(), part);
            if (other != null) {
                throw new DataException(
                        "%s and %s: are both part %d/%d; give each part once"
                                .formatted(other.path(), path, part.number(), part.count()));
            }
        }
        Part one = parts.values().iterator().next();
        parts.values().forEach(part -> requireSameBatch(one, part));
        requireAll(parts, one.count());
        parts.values().forEach(MergeParts::requireComplete);
        return new MergeParts(parts.values().stream().map(Part::path).toList(), one.manifest());
    }

    private static Part part(Path path) {
        Path file = new RunDirectory(path).manifest();
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    "%s: holds no run (manifest.json); give the directories of a batch's parts"
                            .formatted(path));
        }
        try {
            Manifest manifest = Manifest.parse(file.toString(), Files.readString(file));
            String[] shard = manifest.identity(SHARD).orElse("").split("/", -1);
            if (shard.length != 2
                    || !shard[0].matches("\\d{1,9}")
                    || !shard[1].matches("\\d{1,9}")) {
                throw new DataException(
                        "%s: is no part of a batch; parts are made with --shard I/N"
                                .formatted(path));
            }
            return new Part(path, manifest, Integer.parseInt(shard[0]), Integer.parseInt(shard[1]));
        } catch (IOException e) {
            throw new DataException(
                    "%s: cannot be read (%s)".formatted(file, RunDirectory.reason(e)), e);
        }
    }

    private static void requireSameBatch(Part one, Part other) {
        Optional<String> difference =
                one.manifest()
                        .with(SHARD, WHOLE, Map.of())
                        .differenceTo(other.manifest().with(SHARD, WHOLE, Map.of()));
        difference.ifPresent(what -> {
            throw new DataException(
                    "%s and %s: are parts of different batches: %s"
                            .formatted(
                                    one.path(),
                                    other.path(),
                                    what.replace(" there, but ", " in the first, but ")
                                            .replace(" here", " in the second")));
        });
        if (one.count() != other.count()) {
            throw new DataException(
                    "%s and %s: one is a part of %d, the other of %d; the parts of a batch are all of one number"
                            .formatted(one.path(), other.path(), one.count(), other.count()));
        }
    }

    private static void requireAll(Map<Integer, Part> parts, int count) {
        List<String> missing = new ArrayList<>();
        for (int number = 1; number <= count && missing.size() < 10; number++) {
            if (!parts.containsKey(number)) {
                missing.add("%d/%d".formatted(number, count));
            }
        }
        if (!missing.isEmpty()) {
            throw new DataException(
                    "parts are missing: %s%s; give all %d"
                            .formatted(
                                    String.join(", ", missing),
                                    missing.size() == 10 ? " …" : "",
                                    count));
        }
    }

    private static void requireComplete(Part part) {
        if (!RunMerge.complete(part.path(), part.manifest().models())) {
            throw new DataException(
                    "%s: part %d/%d is not finished; go on with it (--resume) first"
                            .formatted(part.path(), part.number(), part.count()));
        }
    }

    /// The manifest of the batch undivided.
    Manifest whole(Map<String, ? extends @Nullable Object> details) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(details);
        all.put("parts", directories.stream().map(Path::toString).toList());
        return first.with(SHARD, WHOLE, all);
    }
}
