package entropylens.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which of several GGUF files is meant. Names are compared as llama.cpp does: whatever their case,
/// a quantisation stands between a separator and `.` or `-`.
public final class GgufChoice {
    private static final String SUFFIX = ".gguf";
    private static final Pattern PART =
            Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.CASE_INSENSITIVE);
    private static final int SHOWN = 8;

    /// How deep files lie in a repository: large ones have a folder for each quantisation.
    private static final int DEPTH = 2;

    private GgufChoice() {}

    /// Whether a file is a model in GGUF, or a part of one; what goes along with a model for
    /// pictures is none.
    public static boolean isModel(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(SUFFIX)
                && !lower.substring(lower.lastIndexOf('/') + 1).startsWith("mmproj");
    }

    /// A file's name without the part's number and the ending.
    static String withoutSuffix(String name) {
        Matcher part = PART.matcher(name);
        if (part.matches()) {
            return part.group(1);
        }
        return isModel(name) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    /// The names of the models in GGUF in a folder and the folders in it, with `/` between.
    static List<String> in(Path folder) {
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(GgufChoice::isModel)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new HubException("%s: cannot be read (%s)".formatted(folder, Reasons.of(e)), e);
        }
    }

    /// The files of the model that is meant, all parts of it, in order.
    ///
    /// @param model what it is called, for messages
    /// @param names of files; those that are no models in GGUF do not count
    /// @param quantisation as in `Q4_K_M`; where it is not given, there must be one model only
    /// @throws HubException when there is none, or more than one
    public static List<String> choose(
            String model, Collection<String> names, Optional<String> quantisation) {
        TreeMap<String, List<String>> models = new TreeMap<>();
        for (String name : names.stream().filter(GgufChoice::isModel).sorted().toList()) {
            models.computeIfAbsent(withoutSuffix(name), _ -> new ArrayList<>()).add(name);
        }
        List<String> fitting =
                models.keySet().stream()
                        .filter(name -> quantisation.isEmpty() || isOf(name, quantisation.get()))
                        .toList();
        if (fitting.size() != 1) {
            String what = quantisation.map(q -> " of quantisation " + q).orElse("");
            throw new HubException(
                    "%s: holds %s GGUF models%s; name one of them: %s"
                            .formatted(
                                    model,
                                    fitting.isEmpty() ? "no" : Integer.toString(fitting.size()),
                                    what,
                                    shown(fitting.isEmpty() ? models.navigableKeySet() : fitting)));
        }
        List<String> files = models.getOrDefault(fitting.getFirst(), List.of());
        requireAllParts(model, files);
        return files;
    }

    private static boolean isOf(String name, String quantisation) {
        return Pattern.compile(
                        "(?:^|[^a-z0-9])" + Pattern.quote(quantisation) + "(?:$|[.-])",
                        Pattern.CASE_INSENSITIVE)
                .matcher(name.substring(name.lastIndexOf('/') + 1))
                .find();
    }

    private static void requireAllParts(String model, List<String> files) {
        Matcher first = PART.matcher(files.getFirst());
        int parts = first.matches() ? Integer.parseInt(first.group(3)) : 1;
        if (parts != files.size()) {
            throw new HubException(
                    "%s: %s is one of %d parts, of which %d are there; finish the download"
                            .formatted(model, files.getFirst(), parts, files.size()));
        }
    }

    private static String shown(Collection<String> names) {
        List<String> all = List.copyOf(names);
        return all.isEmpty()
                ? "there are none"
                : String.join(", ", all.subList(0, Math.min(SHOWN, all.size())))
                        + (all.size() > SHOWN ? " and %d more".formatted(all.size() - SHOWN) : "");
    }
}
