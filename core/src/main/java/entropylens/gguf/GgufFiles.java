package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The files of one model: one, or the parts `NAME-00001-of-00003.gguf` and so on, of which the
/// first has the metadata.
final class GgufFiles {
    private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";
    private static final String TENSORS = "split.tensors.count";

    private GgufFiles() {}

    /// Maps all parts of the model that a file belongs to, the first part first.
    ///
    /// @throws CheckpointException when one is missing, of another model, or damaged
    static List<GgufFile> open(Path file, Arena arena) {
        GgufFile opened = GgufFile.open(file, arena);
        int count = opened.metadata().integer(COUNT).orElse(0);
        if (count <= 1) {
            return List.of(opened);
        }
        var files = new ArrayList<GgufFile>();
        for (Path part : parts(file, count)) {
            files.add(part.equals(file) ? opened : GgufFile.open(part, arena));
        }
        check(files);
        return List.copyOf(files);
    }

    private static List<Path> parts(Path file, int count) {
        Matcher name = PART.matcher(String.valueOf(file.getFileName()));
        if (!name.matches() || Integer.parseInt(name.group(3)) != count) {
            throw new CheckpointException(
                    "%s: is one of %d parts of a model, so its name must end with -00001-of-%05d.gguf or the like; give the parts their names back"
                            .formatted(file, count, count));
        }
        var parts = new ArrayList<Path>();
        var missing = new ArrayList<String>();
        for (int i = 1; i <= count; i++) {
            String part = "%s-%05d-of-%05d.gguf".formatted(name.group(1), i, count);
            parts.add(file.resolveSibling(part));
            if (!Files.isRegularFile(parts.getLast())) {
                missing.add(part);
            }
        }
        if (!missing.isEmpty()) {
            throw new CheckpointException(
                    "%s: is one of %d parts of a model, of which %d are not beside it, the first is %s; finish the download"
                            .formatted(file, count, missing.size(), missing.getFirst()));
        }
        return parts;
    }

    private static void check(List<GgufFile> files) {
        int tensors = 0;
        Set<String> names = new HashSet<>();
        for (int i = 0; i < files.size(); i++) {
            GgufFile file = files.get(i);
            int number = file.metadata().requireInteger(NUMBER);
            int count = file.metadata().requireInteger(COUNT);
            if (number != i || count != files.size()) {
                throw otherModel(
                        file, "it says that it is part %d of %d".formatted(number + 1, count));
            }
            for (GgufTensor tensor : file.tensors()) {
                if (!names.add(tensor.name())) {
                    throw otherModel(
                            file,
                            "its tensor '%s' is in another part too".formatted(tensor.name()));
                }
            }
            tensors += file.tensors().size();
        }
        GgufFile first = files.getFirst();
        int expected = first.metadata().integer(TENSORS).orElse(tensors);
        if (expected != tensors) {
            throw otherModel(
                    first,
                    "it says that the parts hold %,d tensors, but they hold %,d"
                            .formatted(expected, tensors));
        }
    }

    private static CheckpointException otherModel(GgufFile file, String what) {
        return new CheckpointException(
                "%s: %s; the parts are of different downloads, download them again"
                        .formatted(file.path(), what));
    }

    /// The model that a path means: the file itself, or the only one in a directory. Part one
    /// stands for all parts; what goes along with a model (`mmproj-…`, for pictures) is none.
    ///
    /// @throws CheckpointException when a directory holds several
    static Optional<Path> find(Path path) {
        if (!Files.isDirectory(path)) {
            return GgufFile.is(path) ? Optional.of(path) : Optional.empty();
        }
        List<Path> models = in(path);
        if (models.size() > 1) {
            throw new CheckpointException(
                    "%s: holds %d models in GGUF; name the file: %s"
                            .formatted(path, models.size(), shown(models)));
        }
        return models.stream().findFirst();
    }

    /// The models in a directory, by their (first) files, sorted.
    static List<Path> in(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> isModel(String.valueOf(file.getFileName())))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException("%s: cannot be read (%s)".formatted(directory, e), e);
        }
    }

    private static boolean isModel(String name) {
        Matcher part = PART.matcher(name);
        return name.endsWith(GgufFile.SUFFIX)
                && !name.toLowerCase(Locale.ROOT).startsWith("mmproj")
                && (!part.matches() || part.group(2).equals("00001"));
    }

    private static String shown(List<Path> models) {
        List<String> names = models.stream().map(model -> model.getFileName().toString()).toList();
        return String.join(", ", names.subList(0, Math.min(6, names.size())))
                + (names.size() > 6 ? ", ..." : "");
    }
}
