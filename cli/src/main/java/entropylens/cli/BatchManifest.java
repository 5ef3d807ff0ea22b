package entropylens.cli;

import entropylens.batch.BatchIdentity;
import entropylens.batch.BatchSettings;
import entropylens.batch.Shard;
import entropylens.data.Manifest;
import entropylens.data.PromptColumns;
import entropylens.result.Build;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
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
        Map<String, @Nullable Object> identity =
                BatchIdentity.of(
                        settings,
                        shard,
                        input.identity(),
                        columns,
                        chat.used() ? chat.identity() : null,
                        models.hashes(),
                        models.kernels());
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
