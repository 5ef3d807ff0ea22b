package entropylens.study.tellapart;

import entropylens.batch.BatchSettings.Measured;
import entropylens.batch.PromptTokens;
import entropylens.data.DataException;
import entropylens.data.InputRow;
import entropylens.data.LabelledPrompt;
import entropylens.data.LabelledPrompts;
import entropylens.data.LeftOut;
import entropylens.data.UnitRows;
import entropylens.lens.Prompt;
import entropylens.study.workbench.OwnPrompts;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.StudyException;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/// The labelled prompts of a user's files: those that all models of a run can be measured on.
///
/// @param own where they are from
/// @param prompts that are measured
/// @param classes their labels
/// @param leftOut rows that are not measured
/// @param files what messages and reports call the files
record GroupPrompts(
        OwnPrompts own,
        List<LabelledPrompt> prompts,
        List<String> classes,
        List<LeftOut> leftOut,
        String files) {
    GroupPrompts {
        prompts = List.copyOf(prompts);
        classes = List.copyOf(classes);
        leftOut = List.copyOf(leftOut);
    }

    /// Reads the user's files.
    ///
    /// @throws DataException when they cannot be read, or their labels are no classes
    static GroupPrompts of(StudySettings settings) {
        OwnPrompts own =
                settings.inputs()
                        .prompts()
                        .orElseThrow(() ->
                                new StudyException(
                                        "groups: compares prompts of your own; give a file (--prompts) and the column of their labels (--label)"));
        LabelledPrompts.Found found =
                LabelledPrompts.read(own.files(), own.columns(), settings.inputs().strict());
        String files = files(own);
        List<LabelledPrompt> drawn = drawn(found.prompts(), settings);
        return new GroupPrompts(
                own,
                drawn,
                GroupLabels.of(drawn, files, own.columns().label()),
                found.leftOut(),
                files);
    }

    private static String files(OwnPrompts own) {
        String first = own.files().getFirst().shown().toString();
        int more = own.files().size() - 1;
        return more == 0 ? first : "%s and %d more".formatted(first, more);
    }

    /// All, or as many as are asked for: whole groups drawn with the seed, in the order of the
    /// file.
    private static List<LabelledPrompt> drawn(List<LabelledPrompt> all, StudySettings settings) {
        OptionalInt most = settings.samples();
        if (most.isEmpty() || all.size() <= most.getAsInt()) {
            return all;
        }
        List<String> groups =
                new ArrayList<>(all.stream().map(LabelledPrompt::group).distinct().toList());
        Collections.shuffle(groups, new Random(settings.seed()));
        Set<String> kept = new HashSet<>();
        long count = 0;
        for (String group : groups) {
            long more = all.stream().filter(prompt -> prompt.group().equals(group)).count();
            if (count + more <= most.getAsInt()) {
                kept.add(group);
                count += more;
            }
        }
        return all.stream().filter(prompt -> kept.contains(prompt.group())).toList();
    }

    /// Whether prompts share groups.
    boolean grouped() {
        return own.columns().group().isPresent();
    }

    /// Those that a model can be given.
    ///
    /// @throws StudyException when `strict` and it cannot be given one, or a label has too few left
    GroupPrompts fitting(Subject subject, Protocol protocol, boolean strict) {
        List<LabelledPrompt> fitting = new ArrayList<>();
        List<LeftOut> unfit = new ArrayList<>();
        for (LabelledPrompt prompt : prompts) {
            Optional<String> problem = problem(subject, prompt, protocol);
            if (problem.isEmpty()) {
                fitting.add(prompt);
            } else if (strict) {
                throw new StudyException(problem.get());
            } else {
                unfit.add(new LeftOut(prompt.id(), problem.get()));
            }
        }
        return unfit.isEmpty() ? this : without(fitting, unfit);
    }

    private GroupPrompts without(List<LabelledPrompt> fitting, List<LeftOut> unfit) {
        List<String> left;
        try {
            left =
                    fitting.isEmpty()
                            ? List.of()
                            : GroupLabels.of(fitting, files, own.columns().label());
        } catch (DataException e) {
            throw new StudyException(
                    "%d of %d prompts cannot be measured (the first: %s), and of the others: %s"
                            .formatted(
                                    unfit.size(),
                                    prompts.size(),
                                    unfit.getFirst().reason(),
                                    e.getMessage()));
        }
        if (!left.equals(classes)) {
            throw new StudyException(
                    "%s; with %d of %d prompts that cannot be measured, of the labels %s only %s are left"
                            .formatted(
                                    unfit.getFirst().reason(),
                                    unfit.size(),
                                    prompts.size(),
                                    classes,
                                    left));
        }
        return new GroupPrompts(
                own,
                fitting,
                classes,
                Stream.concat(leftOut.stream(), unfit.stream()).toList(),
                files);
    }

    private Optional<String> problem(Subject subject, LabelledPrompt prompt, Protocol protocol) {
        StudyPrompt tokens = tokens(subject, prompt);
        Optional<String> problem =
                protocol.ofAnswers() && tokens.answer().length == 0
                        ? Optional.of("the answer makes no tokens of its own after the prompt")
                        : PromptTokens.problem(
                                subject.model().config(),
                                new Prompt(tokens.ids(), tokens.answer(), 0),
                                protocol.tokens());
        return problem.map(reason ->
                "%s: %s: %s: %s"
                        .formatted(
                                prompt.row().file(), prompt.row().where(), subject.name(), reason));
    }

    /// What a model is given.
    List<StudyPrompt> tokens(Subject subject) {
        return prompts.stream().map(prompt -> tokens(subject, prompt)).toList();
    }

    private StudyPrompt tokens(Subject subject, LabelledPrompt prompt) {
        String text = String.valueOf(prompt.row().prompt());
        StudyPrompt asked =
                StudyPrompt.asked(
                        subject, prompt.id(), prompt.group(), prompt.label(), null, null, text);
        String answer = prompt.row().answer();
        if (answer == null || own.measured() != Measured.ANSWER) {
            return asked;
        }
        String given = asked.written() == null ? text : asked.written().text();
        return asked.answered(
                PromptTokens.answer(
                        subject::encodeWritten, subject.tokenizer(), given, asked.ids(), answer));
    }

    /// The rows of the files that are measured, with all their columns.
    UnitRows inputs() {
        UnitRows rows = new UnitRows();
        for (LabelledPrompt prompt : prompts) {
            rows.add(
                    new InputRow(
                            prompt.id(),
                            prompt.row().file(),
                            prompt.row().where(),
                            prompt.row().columns()));
        }
        return rows;
    }
}
