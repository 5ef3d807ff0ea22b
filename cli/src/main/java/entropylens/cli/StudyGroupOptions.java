package entropylens.cli;

import entropylens.batch.BatchSettings.Measured;
import entropylens.data.LabelledColumns;
import entropylens.study.workbench.OwnPrompts;
import entropylens.study.workbench.StudyInputs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The labelled prompts of the study of groups.
final class StudyGroupOptions {
    private static final String STUDY = "groups";

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description =
                    "groups: your prompts, one label each: JSON Lines, a JSON list, CSV or Parquet; a folder of these; - reads standard input. Repeatable.")
    List<Path> prompts = new ArrayList<>();

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "groups: the column of --prompts that names the class of each prompt.")
    @Nullable String label;

    @Option(
            names = "--group",
            paramLabel = "COLUMN",
            description =
                    "groups: the column that names what prompts share (a text, an author, a topic): such prompts are never on both sides of a fold, and count as one unit.")
    @Nullable String group;

    @Option(
            names = "--prompt-column",
            paramLabel = "COLUMN",
            description =
                    "groups: the column that holds the prompt (default: prompt, text or question).")
    @Nullable String promptColumn;

    @Option(
            names = "--answer-column",
            paramLabel = "COLUMN",
            description =
                    "groups: the column that holds an answer to the prompt: nothing is generated, and the positions that predict the answer's tokens are measured.")
    @Nullable String answerColumn;

    @Option(
            names = "--positions",
            paramLabel = "WHERE",
            description =
                    "groups: generated: the positions that predict the generated tokens (default). prompt: every position of the prompt, nothing is generated.")
    RunOptions.@Nullable MeasuredPositions positions;

    /// The files, open while the run lasts; none where the study is not done.
    Optional<BatchInput> open(List<String> studies, CommandSpec spec) {
        if (!studies.contains(STUDY)) {
            refuseUnused(spec);
            return Optional.empty();
        }
        if (prompts.isEmpty() || label == null) {
            throw wrong(
                    spec,
                    "groups compares prompts of your own: give their file (--prompts FILE) and the column of their labels (--label COLUMN)");
        }
        if (answerColumn != null && positions != null) {
            throw wrong(
                    spec,
                    "--answer-column measures the positions that predict the answer; leave out --positions");
        }
        return Optional.of(BatchInput.open(prompts));
    }

    private void refuseUnused(CommandSpec spec) {
        Map<String, Boolean> given = new LinkedHashMap<>();
        given.put("--prompts", !prompts.isEmpty());
        given.put("--label", label != null);
        given.put("--group", group != null);
        given.put("--prompt-column", promptColumn != null);
        given.put("--answer-column", answerColumn != null);
        given.put("--positions", positions != null);
        given.forEach((name, isGiven) -> {
            if (isGiven) {
                throw wrong(
                        spec,
                        name + ": is for the study groups, which is not among those asked for");
            }
        });
    }

    private static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /// Whether nothing is generated.
    boolean generates() {
        return answerColumn == null && positions != RunOptions.MeasuredPositions.PROMPT;
    }

    OwnPrompts of(BatchInput input) {
        return new OwnPrompts(
                input.files(),
                new LabelledColumns(
                        Optional.ofNullable(promptColumn),
                        Optional.ofNullable(answerColumn),
                        String.valueOf(label),
                        Optional.ofNullable(group)),
                generates()
                        ? Measured.GENERATED
                        : answerColumn != null ? Measured.ANSWER : Measured.PROMPT);
    }

    /// What of them changes the numbers of a run: the bytes of the files, not their names.
    static void addIdentity(StudyInputs inputs, Map<String, @Nullable Object> identity) {
        inputs.prompts()
                .ifPresent(own -> {
                    identity.put(
                            "prompts",
                            own.files().stream()
                                    .map(file -> StudyInputOptions.sha256(file.path()))
                                    .toList());
                    identity.put("prompt_column", own.columns().prompt().orElse(null));
                    identity.put("answer_column", own.columns().answer().orElse(null));
                    identity.put("label_column", own.columns().label());
                    identity.put("group_column", own.columns().group().orElse(null));
                    identity.put("measured", own.measured().name());
                });
    }
}
