package entropylens.spark;

import entropylens.adapter.AdapterSource;
import entropylens.batch.BatchIdentity;
import entropylens.batch.BatchSettings;
import entropylens.batch.BatchSettings.Measured;
import entropylens.chat.ChatForm;
import entropylens.data.PromptColumns;
import entropylens.family.Families;
import entropylens.family.LoadOptions;
import entropylens.hook.Intervention;
import entropylens.hub.HubSettings;
import entropylens.hub.Models;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.Statistics;
import entropylens.lens.StreamPoint;
import entropylens.model.Sampling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Settings in the terms of the batch. What makes no sense is an [IllegalArgumentException] that
/// names the setting.
final class BatchTerms {
    private static final int TOKENS = 32;
    private static final int MAX_BATCH = 4096;
    private static final int MAX_SAMPLES = 9999;

    private final SparkSettings given;

    BatchTerms(SparkSettings given) {
        this.given = given;
    }

    void check() {
        settings();
        requireChat();
        given.adapterScales.forEach(scale ->
                require(Double.isFinite(scale), "adapter-scale must be finite, but is " + scale));
        if (given.family != null && !Families.names().contains(given.family)) {
            throw new IllegalArgumentException(
                    "there is no family '%s'; there are %s"
                            .formatted(given.family, String.join(", ", Families.names())));
        }
        require(
                given.threads >= 0 && given.threads <= 1024,
                "threads must be 0 to 1,024, but is %d".formatted(given.threads));
    }

    BatchSettings settings() {
        Measured measured = measured();
        boolean generates = measured == Measured.GENERATED;
        int count = generates ? given.tokens == null ? TOKENS : given.tokens : 0;
        requireRange("batch", given.batch, MAX_BATCH);
        requireRange("samples", given.samples, MAX_SAMPLES);
        if (generates) {
            requireRange("tokens", count, Integer.MAX_VALUE);
        }
        requireSampling(generates);
        new Sampling(given.temperature, given.topP, given.seed);
        return new BatchSettings(
                        measured,
                        count,
                        given.samples,
                        given.temperature,
                        given.topP,
                        given.seed,
                        given.ignoreEos,
                        intervention(),
                        given.embedding,
                        readout(),
                        given.batch)
                .at(points());
    }

    private void requireSampling(boolean generates) {
        require(
                generates || (given.tokens == null && given.temperature == 0),
                "nothing is generated here; leave out "
                        + (given.tokens != null ? "tokens" : "temperature"));
        require(
                given.samples == 1 || given.temperature != 0,
                "%d samples would all be the same without a temperature above 0"
                        .formatted(given.samples));
        require(
                given.topP == 1 || given.temperature != 0,
                "top-p has no effect without a temperature above 0");
    }

    private Measured measured() {
        require(
                given.answerColumn == null || !given.prompt,
                "an answer column measures the positions that predict the answer; leave out positions");
        if (given.answerColumn != null) {
            return Measured.ANSWER;
        }
        return given.prompt ? Measured.PROMPT : Measured.GENERATED;
    }

    /// The columns of `entropy-lens batch`, in its order.
    ReadoutRequest readout() {
        require(given.topK >= 1, "top-k must be at least 1, but is %d".formatted(given.topK));
        List<Statistic> all = new ArrayList<>();
        given.alphas.forEach(alpha -> addOnce(all, meant("renyi_" + alpha), "alpha", alpha));
        given.topPSets.forEach(p -> addOnce(all, meant("top_p_size_" + p), "top-p-set", p));
        all.add(Statistic.LOGIT_STD);
        all.add(Statistic.H_NORM);
        given.statistics.forEach(word -> all.addAll(meant(word)));
        return ReadoutRequest.ENTROPY.withTopK(given.topK).with(all);
    }

    private List<StreamPoint> points() {
        if (given.at.isEmpty()) {
            return List.of(StreamPoint.RESID_POST);
        }
        List<StreamPoint> points = new ArrayList<>();
        for (String word : given.at) {
            StreamPoint point =
                    StreamPoint.named(word)
                            .orElseThrow(() -> new IllegalArgumentException(unknown(word)));
            require(!points.contains(point), "at names %s twice".formatted(word));
            points.add(point);
        }
        require(
                !given.embedding || points.contains(StreamPoint.RESID_POST),
                "embedding adds layer 0 to resid_post, which at does not name; layer 1 of resid_pre is the same row");
        return points;
    }

    private static String unknown(String word) {
        return "at: there is no point '%s' of the stream; there are %s"
                .formatted(
                        word,
                        Arrays.stream(StreamPoint.values())
                                .map(StreamPoint::word)
                                .collect(Collectors.joining(", ")));
    }

    private void requireChat() {
        require(
                given.messagesColumn == null || given.promptColumn == null,
                "messages-column and prompt-column both say what is asked; choose one");
        require(
                given.messagesColumn == null || given.system == null,
                "messages-column has the system's messages in the file; leave out system");
        require(
                given.system == null || given.chat,
                "system is for chat; add chat, or leave it out");
        require(given.today == null || chats(), "today is for chat; add chat, or leave it out");
    }

    /// Whether a chat template writes the prompts.
    private boolean chats() {
        return given.chat || given.messagesColumn != null;
    }

    /// The columns that are read.
    PromptColumns columns() {
        return new PromptColumns(
                Optional.ofNullable(given.promptColumn),
                Optional.ofNullable(given.messagesColumn),
                Optional.ofNullable(given.answerColumn),
                chats(),
                given.system != null);
    }

    /// How the model in `directory` is asked, where a template writes the prompts.
    ///
    /// @throws entropylens.checkpoint.CheckpointException when it has none
    Optional<ChatForm> form(Path directory) {
        return chats()
                ? Optional.of(ChatForm.open(directory, given.system, given.day()))
                : Optional.empty();
    }

    /// For manifests; null where no template writes the prompts.
    @Nullable Map<String, @Nullable Object> chatIdentity() {
        return chats() ? BatchIdentity.chat(given.system, given.messagesColumn) : null;
    }

    /// How the model is read, with adapters that are found on this host.
    LoadOptions loadOptions(HubSettings hub) {
        List<AdapterSource> sources = new ArrayList<>();
        for (int i = 0; i < given.adapters.size(); i++) {
            sources.add(
                    new AdapterSource(
                            Models.findAdapter(given.adapters.get(i), hub),
                            given.adapterScales.get(i)));
        }
        return new LoadOptions(Optional.ofNullable(given.family), Set.copyOf(given.ignoredKeys))
                .adapted(sources);
    }

    /// What makes a model that is open another one: settings with an equal key share it.
    Object modelKey() {
        return List.of(
                given.model(),
                String.valueOf(given.family),
                given.ignoredKeys,
                given.adapters,
                given.adapterScales,
                chats(),
                String.valueOf(given.system),
                given.day());
    }

    private static List<Statistic> meant(String word) {
        List<Statistic> known = Statistics.of(word);
        if (known.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no statistic '%s'; there are kl, next, router, and those of docs/method.md by their names"
                            .formatted(word));
        }
        return known;
    }

    private static void addOnce(
            List<Statistic> all, List<Statistic> more, String setting, String name) {
        for (Statistic statistic : more) {
            require(!all.contains(statistic), "%s names %s twice".formatted(setting, name));
            all.add(statistic);
        }
    }

    private Intervention intervention() {
        int[] blocks = given.skipBlocks.stream().mapToInt(BatchTerms::block).toArray();
        return blocks.length == 0 ? Intervention.NONE : Intervention.skip(blocks);
    }

    /// @return counted from 0
    private static int block(String number) {
        require(
                number.matches("[1-9]\\d{0,8}"),
                "skip-blocks: blocks are numbered from 1, but one is '%s'".formatted(number));
        return Integer.parseInt(number) - 1;
    }

    private static void requireRange(String name, int value, int most) {
        require(
                value >= 1 && value <= most,
                "%s must be 1 to %,d, but is %d".formatted(name, most, value));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
