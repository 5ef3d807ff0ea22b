package entropylens.cli;

import entropylens.data.LeftOut;
import entropylens.data.Manifest;
import entropylens.result.Build;
import entropylens.study.workbench.ChatUse;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.StudySettings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// What it takes to repeat a study.
final class StudyManifest {
    private StudyManifest() {}

    static Manifest of(
            List<String> ids,
            StudySettings settings,
            StudyModels models,
            Map<String, List<LeftOut>> leftOut,
            CommandSpec spec) {
        Map<String, @Nullable Object> identity = new LinkedHashMap<>();
        identity.put("studies", ids);
        identity.put("preset", settings.preset().word());
        if (!settings.corrected().isEmpty()) {
            identity.put("corrected", Flaw.list(settings.corrected()));
        }
        identity.put(
                "samples", orNull(settings.samples().isPresent(), settings.samples()::getAsInt));
        identity.put("tokens", orNull(settings.tokens().isPresent(), settings.tokens()::getAsInt));
        identity.put(
                "temperature",
                orNull(settings.temperature().isPresent(), settings.temperature()::getAsDouble));
        identity.put("seed", settings.seed());
        identity.put("batch", settings.batch());
        identity.put("inputs", StudyInputOptions.identity(settings.inputs()));
        settings.chat().ifPresent(use -> identity.put("chat", system(use)));
        if (settings.lenses().nulls()) {
            identity.put("nulls", true);
        }
        identity.put("models", models.hashes());
        identity.put("definition", Build.DEFINITION);
        identity.put("kernels", models.kernels());
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("command", command(spec));
        details.put("model_paths", models.directories().stream().map(Object::toString).toList());
        if (!leftOut.isEmpty()) {
            Map<String, @Nullable Object> counts = new LinkedHashMap<>();
            leftOut.forEach((study, rows) -> counts.put(study, rows.size()));
            details.put("rows_left_out", counts);
        }
        if (!models.templates().isEmpty()) {
            details.put("chat_templates", models.templates());
        }
        details.put("threads", models.threads());
        details.put("version", Build.version());
        details.put("commit", Build.commit());
        details.put("jvm", Build.jvm());
        details.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        details.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return Manifest.of(identity, details);
    }

    private static Map<String, @Nullable Object> system(ChatUse use) {
        Map<String, @Nullable Object> system = new LinkedHashMap<>();
        system.put("system", use.system().orElse(null));
        return system;
    }

    private static @Nullable Object orNull(
            boolean present, java.util.function.Supplier<Object> value) {
        return present ? value.get() : null;
    }

    /// The command line as it was given, the name of the command among its words, quoted where a
    /// shell needs it.
    static String command(CommandSpec spec) {
        return command(arguments(spec));
    }

    static List<String> arguments(CommandSpec spec) {
        return spec.root().commandLine().getParseResult().originalArgs();
    }

    static String command(List<String> arguments) {
        StringBuilder command = new StringBuilder("entropy-lens");
        for (String argument : arguments) {
            command.append(' ')
                    .append(
                            argument.matches("[\\w@%+=:,./-]+")
                                    ? argument
                                    : "'" + argument.replace("'", "'\\''") + "'");
        }
        return command.toString();
    }

    static SortedMap<String, String> facts(StudySettings settings, StudyModels models) {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("preset", settings.preset().word());
        if (!settings.corrected().isEmpty()) {
            facts.put("corrected", Flaw.list(settings.corrected()));
        }
        facts.put("seed", Long.toString(settings.seed()));
        settings.inputs()
                .wordings()
                .ifPresent(file ->
                        facts.put(
                                "wordings",
                                "%s, sha256 %s"
                                        .formatted(
                                                file.getFileName(),
                                                StudyInputOptions.sha256(file))));
        facts.put("program", Build.version() + ", commit " + Build.commit());
        facts.put("definition", Build.DEFINITION);
        facts.put("kernels", models.kernels());
        facts.put("threads", Integer.toString(models.threads()));
        facts.put("JVM", Build.jvm());
        settings.chat().ifPresent(use -> facts.put("system prompt", use.system().orElse("none")));
        models.templates().forEach((name, place) -> facts.put("chat template of " + name, place));
        models.hashes().forEach((name, about) -> facts.put("model " + name, about.toString()));
        return facts;
    }
}
