package entropylens.study.tellapart;

import entropylens.data.DataException;
import entropylens.data.Wordings;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.StudyInputs;
import entropylens.study.workbench.StudySettings;
import entropylens.zoo.town.Format;
import entropylens.zoo.town.Task;
import entropylens.zoo.town.Topics;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The wordings in which a study asks: Tinytown's, or those of the user's file.
///
/// @param byClass at least one for each class, in the order of the classes
/// @param file they are of, where they are the user's
/// @param ofTinytown all wordings that are in Tinytown's text, whichever are asked
public record ClassWordings(
        Map<String, List<String>> byClass, Optional<Path> file, Set<String> ofTinytown) {
    /// Stands for the topic in the wordings of formats.
    static final String TOPIC = "{topic}";

    /// Built-in wordings of each task's question; the paper has as many.
    private static final int TASK_WORDINGS = 2;

    private static final Map<String, Wordings.Shape> SHAPES =
            new TreeMap<>(
                    Map.of(
                            Tasks.ID,
                            new Wordings.Shape(Tasks.PLAN.classes(), Optional.empty()),
                            Formats.ID,
                            new Wordings.Shape(Formats.PLAN.classes(), Optional.of(TOPIC))));

    /// The user's wordings, or else Tinytown's.
    ///
    /// @throws DataException when the user's file cannot be used
    static ClassWordings ofTasks(StudyInputs inputs) {
        Map<String, List<String>> all =
                byClass(Task.values(), TaskPrompts.Asked::label, Task::wordings);
        Map<String, List<String>> asked = new LinkedHashMap<>(all);
        asked.replaceAll((_, wordings) -> wordings.subList(0, TASK_WORDINGS));
        return of(Tasks.ID, inputs, asked, all);
    }

    /// The user's wordings, or else Tinytown's, of which the published code would ask one; [#TOPIC]
    /// stands for the topic.
    ///
    /// @throws DataException when the user's file cannot be used
    static ClassWordings ofFormats(StudySettings settings) {
        Topics.Topic topic = new Topics.Topic(TOPIC, Optional.empty());
        Map<String, List<String>> all =
                byClass(Format.values(), FormatPrompts::label, format -> format.requests(topic));
        Map<String, List<String>> asked = new LinkedHashMap<>(all);
        if (settings.has(Flaw.ONE_WORDING)) {
            asked.replaceAll((_, wordings) -> wordings.subList(0, 1));
        }
        return of(Formats.ID, settings.inputs(), asked, all);
    }

    private static <T> Map<String, List<String>> byClass(
            T[] classes, Function<T, String> name, Function<T, List<String>> wordings) {
        Map<String, List<String>> byClass = new LinkedHashMap<>();
        Arrays.stream(classes).forEach(each -> byClass.put(name.apply(each), wordings.apply(each)));
        return byClass;
    }

    private static ClassWordings of(
            String study,
            StudyInputs inputs,
            Map<String, List<String>> builtIn,
            Map<String, List<String>> ofTinytown) {
        Set<String> known =
                ofTinytown.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        return inputs.wordings()
                .flatMap(file -> Wordings.read(file, SHAPES).of(study))
                .map(own -> new ClassWordings(own, inputs.wordings(), known))
                .orElseGet(() -> new ClassWordings(builtIn, Optional.empty(), known));
    }

    /// Looks whether every study of the user's file of wordings is one that is done.
    ///
    /// @param studies that are done
    /// @throws DataException when one is not, or the file cannot be used
    public static void requireUsed(StudyInputs inputs, Collection<String> studies) {
        inputs.wordings()
                .ifPresent(file -> {
                    for (String study : Wordings.read(file, SHAPES).byStudy().keySet()) {
                        if (!studies.contains(study)) {
                            throw new DataException(
                                    "%s: has wordings of '%s', but the studies of this run are %s; add '%s' to the run, or take its wordings out of the file"
                                            .formatted(
                                                    file,
                                                    study,
                                                    String.join(", ", studies),
                                                    study));
                        }
                    }
                });
    }

    List<String> of(String name) {
        return byClass.getOrDefault(name, List.of());
    }

    boolean own() {
        return file.isPresent();
    }

    /// Whether no class has more than one.
    boolean single() {
        return byClass.values().stream().allMatch(wordings -> wordings.size() == 1);
    }

    /// How many there are, of all classes.
    int count() {
        return byClass.values().stream().mapToInt(List::size).sum();
    }

    /// Why no text can be tested on what was learnt from other wordings, if so.
    Optional<String> obstacle() {
        List<String> single =
                byClass.keySet().stream()
                        .filter(name -> of(name).size() == 1)
                        .map("'%s'"::formatted)
                        .toList();
        return single.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%s asked for in one wording, so nothing can be learnt from others; %s"
                                .formatted(
                                        String.join(", ", single)
                                                + (single.size() == 1 ? " is" : " are"),
                                        own()
                                                ? "give each class two or more"
                                                : "correct %s as well"
                                                        .formatted(Flaw.ONE_WORDING.word())));
    }

    /// What models of Tinytown have read of these, as a verdict's caution says it.
    ///
    /// @param asked what is asked for, as "chats, poems and notes"
    String known(String asked) {
        if (!own()) {
            return "these very wordings and formats";
        }
        long known =
                byClass.values().stream()
                        .flatMap(List::stream)
                        .filter(ofTinytown::contains)
                        .count();
        return known == 0
                ? "%s, asked for in none of these wordings".formatted(asked)
                : "%s, asked for in %d of these %d wordings among others"
                        .formatted(asked, known, count());
    }

    /// For the report: how many wordings a class has, and whose they are.
    String inWords() {
        List<Integer> sizes = byClass.values().stream().map(List::size).distinct().toList();
        String each =
                sizes.size() == 1
                        ? counted(sizes.getFirst())
                        : byClass.keySet().stream()
                                .map(name -> "%s of %s".formatted(counted(of(name).size()), name))
                                .collect(Collectors.joining(", "));
        return each + file.map(path -> ", the user's, of " + path.getFileName()).orElse("");
    }

    private static String counted(int wordings) {
        return wordings == 1 ? "1 wording" : wordings + " wordings";
    }
}
