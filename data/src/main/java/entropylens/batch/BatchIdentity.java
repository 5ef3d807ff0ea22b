package entropylens.batch;

import entropylens.data.PromptColumns;
import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.result.Build;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What changes the numbers of a batch, for manifests: two batches of one identity make the same
/// rows, wherever they run.
public final class BatchIdentity {
    private BatchIdentity() {}

    /// How a chat template writes the prompts.
    ///
    /// @param system what the system says first, or null
    /// @param messagesColumn that holds conversations, or null
    public static Map<String, @Nullable Object> chat(
            @Nullable String system, @Nullable String messagesColumn) {
        Map<String, @Nullable Object> identity = new LinkedHashMap<>();
        identity.put("system", system);
        identity.put("messages_column", messagesColumn);
        return identity;
    }

    /// @param prompts SHA-256 of each file
    /// @param chat how a chat template writes the prompts; null where none does
    /// @param models by name: hashes and type of the weights
    /// @param kernels that compute
    public static Map<String, @Nullable Object> of(
            BatchSettings settings,
            Shard shard,
            List<String> prompts,
            PromptColumns columns,
            @Nullable Object chat,
            Map<String, Map<String, String>> models,
            String kernels) {
        Map<String, @Nullable Object> identity = new LinkedHashMap<>();
        identity.put("command", "batch");
        identity.put("prompts", prompts);
        identity.put("prompt_column", columns.prompt().orElse(null));
        identity.put("answer_column", columns.answer().orElse(null));
        if (chat != null) {
            identity.put("chat", chat);
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
        identity.put("at", settings.points().stream().map(StreamPoint::word).toList());
        identity.put(
                "statistics",
                settings.readout().statistics().stream().map(Statistic::name).toList());
        identity.put("top_k", settings.readout().topK());
        identity.put("batch", settings.together());
        identity.put("shard", "%d/%d".formatted(shard.index(), shard.count()));
        identity.put("models", models);
        identity.put("definition", Build.DEFINITION);
        identity.put("kernels", kernels);
        return identity;
    }
}
