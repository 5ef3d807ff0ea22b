package entropylens.cli;

import entropylens.batch.BatchSettings;
import entropylens.batch.Shard;
import entropylens.data.Manifest;
import entropylens.data.PromptColumns;
import entropylens.kernels.Kernels;
import entropylens.lens.Statistic;
import entropylens.result.Build;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// What it takes to repeat a batch.
final class BatchManifest {
    private BatchManifest() {}

    static Manifest of(
            BatchSettings settings,
            Shard shard,
            BatchInput input,
            PromptColumns columns,
            BatchChatOptions chat,
            BatchModels models,
            CommandSpec spec) {
        Map<String, @Nullable Object> identity = new LinkedHashMap<>();
        identity.put("command", "batch");
        identity.put("prompts", input.identity());
        identity.put("prompt_column", columns.prompt().orElse(null));
        identity.put("answer_column", columns.answer().orElse(null));
        if (chat.used()) {
            identity.put("chat", chat.identity());
        }
        identity.put("measured", settings.measured().name());
        identity.put("tokens", settings.tokens());
        identity.put("samples", settings.samples());
        identity.put("temperature", settings.temperature());
        identity.put("top_p", settings.topP());
        identity.put("seed", settings.seed());
        identity.put("ignore_eos", settings.ignoreEnd());
        identity.put(
                "skipped",
                new TreeMap<>(settings.intervention().actions())
                        .keySet().stream().map(block -> block + 1).toList());
        identity.put("embedding", settings.embedding());
        identity.put(
                "statistics",
                settings.readout().statistics().stream().map(Statistic::name).toList());
        identity.put("top_k", settings.readout().topK());
        identity.put("batch", settings.together());
        identity.put("shard", "%d/%d".formatted(shard.index(), shard.count()));
        identity.put("models", models.hashes());
        identity.put("definition", Build.DEFINITION);
        identity.put("kernels", Kernels.best().name());
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("command", StudyManifest.command(spec));
        details.put("prompt_files", input.names());
        details.put("model_paths", models.directories().stream().map(Object::toString).toList());
        if (chat.used()) {
            details.put("chat_templates", models.templates());
        }
        details.put("version", Build.version());
        details.put("commit", Build.commit());
        details.put("jvm", Build.jvm());
        details.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        details.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return Manifest.of(identity, details);
    }
}
