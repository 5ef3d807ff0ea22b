package entropylens.cli;

import entropylens.study.workbench.StudyInputs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The files of texts and questions that studies can be done on.
final class StudyInputOptions {
    private static final int MAX_SHOTS = 64;

    @Option(
            names = "--stories",
            paramLabel = "FILE",
            description =
                    "tasks: texts to ask about, as JSON Lines, CSV, Parquet or plain text (default: stories of Tinytown).")
    @Nullable Path stories;

    @Option(
            names = "--story-column",
            paramLabel = "NAME",
            description = "The column of --stories that holds the text (default: text or story).")
    @Nullable String storyColumn;

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description =
                    "skip, correctness: questions with four options, in the shape of MMLU, ARC or OpenBookQA, as JSON Lines, CSV or Parquet (default: questions on Tinytown).")
    @Nullable Path questions;

    @Option(
            names = "--four-options-only",
            description =
                    "Leave out questions of --questions with another number of options than four, of which ARC has a few, without a word for each.")
    boolean fourOptionsOnly;

    @Option(
            names = "--shots",
            paramLabel = "N",
            description =
                    "skip, correctness: answered questions that stand before each question (default: 0).")
    @Nullable Integer shots;

    @Option(
            names = "--wordings",
            paramLabel = "FILE",
            description =
                    "tasks, formats: your own wordings of the questions, as JSON: {\"tasks\": {\"continuation\": [...], \"counting\": [...], \"semantic\": [...]}, \"formats\": {\"chat\": [...], \"poem\": [...], \"scientific note\": [...]}}, either study or both. Wordings of formats have {topic} where the topic stands (default: wordings of Tinytown).")
    @Nullable Path wordings;

    @Option(
            names = "--strict",
            description =
                    "Stop at the first row of a file of yours that cannot be measured (no question, too long for a model), instead of leaving it out for all models and saying so.")
    boolean strict;

    StudyInputs inputs(CommandSpec spec) {
        if (storyColumn != null && stories == null) {
            throw new ParameterException(
                    spec.commandLine(), "--story-column: names a column of --stories; give both");
        }
        if (fourOptionsOnly && questions == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--four-options-only: chooses among the questions of --questions; give both");
        }
        if (shots != null && (shots < 0 || shots > MAX_SHOTS)) {
            throw new ParameterException(
                    spec.commandLine(), "--shots must be 0 to %d".formatted(MAX_SHOTS));
        }
        StudyInputs inputs =
                new StudyInputs(
                        Optional.ofNullable(stories),
                        Optional.ofNullable(storyColumn),
                        Optional.ofNullable(questions),
                        fourOptionsOnly,
                        shots == null ? OptionalInt.empty() : OptionalInt.of(shots));
        StudyInputs worded = wordings == null ? inputs : inputs.withWordings(wordings);
        return strict ? worded.strictly() : worded;
    }

    /// What of them changes the numbers of a run: the bytes, not the names.
    static Map<String, @Nullable Object> identity(StudyInputs inputs) {
        Map<String, @Nullable Object> identity = new LinkedHashMap<>();
        identity.put("stories", inputs.stories().map(StudyInputOptions::sha256).orElse(null));
        identity.put("story_column", inputs.storyColumn().orElse(null));
        identity.put("questions", inputs.questions().map(StudyInputOptions::sha256).orElse(null));
        identity.put("four_options_only", inputs.fourOptionsOnly() ? true : null);
        identity.put("shots", inputs.shots().isPresent() ? inputs.shots().getAsInt() : null);
        inputs.wordings().ifPresent(file -> identity.put("wordings", sha256(file)));
        StudyGroupOptions.addIdentity(inputs, identity);
        return identity;
    }

    static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new CliException(
                    "%s: cannot be read (%s)".formatted(file, Failures.reason(e)), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
