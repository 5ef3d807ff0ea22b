package entropylens.hub;

import entropylens.checkpoint.Remedy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
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

    /// Where the end of a name may begin.
    private static final Pattern END = Pattern.compile("[.-]");

    private static final int SHOWN = 12;

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

    /// Whether a file is a model in GGUF, or the first part of one.
    static boolean isFirst(String name) {
        Matcher part = PART.matcher(name);
        return isModel(name) && (!part.matches() || Integer.parseInt(part.group(2)) == 1);
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
        } catch (UncheckedIOException e) {
            throw unreadable(folder, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static HubException unreadable(Path folder, IOException e) {
        return new HubException("%s: cannot be read (%s)".formatted(folder, Reasons.of(e)), e);
    }

    /// The files of the model that is meant, all parts of it, in order.
    ///
    /// @param name as it was given; without a quantisation, there must be one model only
    /// @param names of files; those that are no models in GGUF do not count
    /// @param remedy what to do where there is no such model, or not all of it
    /// @throws HubException when there is none, or more than one
    public static List<String> choose(ModelName name, Collection<String> names, Remedy remedy) {
        NavigableMap<String, List<String>> models = models(names);
        List<String> fitting =
                models.keySet().stream()
                        .filter(model -> name.quantisation().stream().allMatch(q -> isOf(model, q)))
                        .toList();
        if (fitting.size() != 1) {
            String what = name.quantisation().map(q -> " of quantisation " + q).orElse("");
            Collection<String> others = fitting.isEmpty() ? models.navigableKeySet() : fitting;
            throw wrong(
                    name.toString(),
                    fitting.size(),
                    what,
                    others.stream().map(model -> called(name.id(), model, models)).toList(),
                    fitting.isEmpty() ? remedy : Remedy.NONE);
        }
        return complete(name.toString(), models, fitting.getFirst(), remedy);
    }

    /// The files of the only model there is, all parts of it, in order.
    ///
    /// @param model what it is called, for messages
    /// @throws HubException when there is none, or more than one
    static List<String> only(String model, Collection<String> names) {
        NavigableMap<String, List<String>> models = models(names);
        if (models.size() != 1) {
            throw wrong(
                    model,
                    models.size(),
                    "",
                    models.values().stream().map(files -> model + "/" + files.getFirst()).toList(),
                    Remedy.NONE);
        }
        return complete(model, models, models.firstKey(), Remedy.NONE);
    }

    /// The names that the models of a repository have here: `org/name:Q4_K_M`, with their files.
    public static SortedMap<String, List<String>> called(ModelId id, Collection<String> names) {
        NavigableMap<String, List<String>> models = models(names);
        SortedMap<String, List<String>> called = new TreeMap<>();
        models.forEach((model, files) -> called.put(called(id, model, models), files));
        return called;
    }

    private static NavigableMap<String, List<String>> models(Collection<String> names) {
        NavigableMap<String, List<String>> models = new TreeMap<>();
        for (String name : names.stream().filter(GgufChoice::isModel).sorted().toList()) {
            models.computeIfAbsent(withoutSuffix(name), _ -> new ArrayList<>()).add(name);
        }
        return models;
    }

    /// The shortest end of a file's name that only this model has, behind the repository's name; or
    /// the name of the file, where there is none.
    private static String called(
            ModelId id, String model, NavigableMap<String, List<String>> models) {
        String file = model.substring(model.lastIndexOf('/') + 1);
        Matcher starts = END.matcher(file);
        List<Integer> ends = new ArrayList<>(List.of(0));
        while (starts.find()) {
            ends.add(starts.end());
        }
        for (int from : ends.reversed()) {
            String end = file.substring(from);
            if (ModelName.isQuantisation(end)
                    && models.keySet().stream().filter(other -> isOf(other, end)).count() == 1) {
                return new ModelName(id, Optional.of(end)).toString();
            }
        }
        return models.getOrDefault(model, List.of(model)).getFirst();
    }

    private static boolean isOf(String name, String quantisation) {
        return Pattern.compile(
                        "(?:^|[^a-z0-9])" + Pattern.quote(quantisation) + "(?:$|[.-])",
                        Pattern.CASE_INSENSITIVE)
                .matcher(name.substring(name.lastIndexOf('/') + 1))
                .find();
    }

    private static List<String> complete(
            String name, NavigableMap<String, List<String>> models, String model, Remedy remedy) {
        List<String> files = models.getOrDefault(model, List.of());
        Matcher first = PART.matcher(files.getFirst());
        int parts = first.matches() ? Integer.parseInt(first.group(3)) : 1;
        if (parts != files.size()) {
            throw new HubException(
                    "%s: %s is one of %d parts, of which %d are there"
                            .formatted(name, files.getFirst(), parts, files.size()),
                    remedy);
        }
        return files;
    }

    private static HubException wrong(
            String model, int found, String what, List<String> others, Remedy remedy) {
        return new HubException(
                "%s: holds %s GGUF models%s; %s"
                        .formatted(
                                model,
                                found == 0 ? "no" : Integer.toString(found),
                                what,
                                others.isEmpty()
                                        ? "there are none"
                                        : "name one of them: " + shown(others)),
                remedy);
    }

    /// Names for a message: not all, where they are many.
    public static String shown(Collection<String> names) {
        List<String> all = List.copyOf(names);
        return String.join(", ", all.subList(0, Math.min(SHOWN, all.size())))
                + (all.size() > SHOWN ? " and %d more".formatted(all.size() - SHOWN) : "");
    }
}
