package entropylens.spark;

import entropylens.batch.BatchSettings;
import entropylens.batch.BatchSettings.Measured;
import entropylens.data.PromptColumns;
import entropylens.family.Families;
import entropylens.family.LoadOptions;
import entropylens.hook.Intervention;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.Statistics;
import entropylens.model.Sampling;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is done with every prompt, and with which model: the options of `entropy-lens batch`, by
/// their names, lists with commas between their entries. Each method returns settings of its own
/// and leaves these as they are.
///
/// ```
/// SparkSettings.of("/models/Qwen3-0.6B").tokens(16).stats("next,kl")
/// ```
///
/// What makes no sense is an [IllegalArgumentException] of [#check].
public final class SparkSettings implements Serializable, Cloneable {
    @Serial private static final long serialVersionUID = 1;

    private static final int TOKENS = 32;
    private static final int MAX_BATCH = 4096;
    private static final int MAX_SAMPLES = 9999;

    private final String model;
    private @Nullable String family;
    private ArrayList<String> ignoredKeys = new ArrayList<>();
    private @Nullable String promptColumn;
    private @Nullable String answerColumn;
    private String numberColumn = "number";
    private boolean prompt;
    private @Nullable Integer tokens;
    private int samples = 1;
    private double temperature;
    private double topP = 1;
    private long seed;
    private boolean ignoreEos;
    private boolean embedding;
    private ArrayList<String> skipBlocks = new ArrayList<>();
    private ArrayList<String> alphas = new ArrayList<>();
    private ArrayList<String> topPSets = new ArrayList<>();
    private ArrayList<String> statistics = new ArrayList<>();
    private int topK = 1;
    private int batch = 16;
    private int threads;
    private boolean strict;

    private SparkSettings(String model) {
        this.model = model;
    }

    /// @param model as for `--model`: the path of a checkpoint or a GGUF file, the same on every
    ///   executor, or a name that is in the cache of each
    public static SparkSettings of(String model) {
        return new SparkSettings(model);
    }

    private SparkSettings with(Consumer<SparkSettings> change) {
        try {
            SparkSettings copy = (SparkSettings) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("it is Cloneable", e);
        }
    }

    /// Reads the checkpoint as this family, whatever its configuration names.
    public SparkSettings as(@Nullable String value) {
        return with(copy -> copy.family = value);
    }

    /// Loads although these keys of config.json are not understood.
    public SparkSettings ignoreConfigKeys(String keys) {
        return with(copy -> copy.ignoredKeys = list(keys));
    }

    /// The column that holds the prompt; `prompt`, `text` or `question` where none is named.
    public SparkSettings promptColumn(@Nullable String name) {
        return with(copy -> copy.promptColumn = name);
    }

    /// The column that holds an answer: nothing is generated, and the positions that predict its
    /// tokens are measured.
    public SparkSettings answerColumn(@Nullable String name) {
        return with(copy -> copy.answerColumn = name);
    }

    /// The column of a DataFrame that numbers its prompts from 1, `number` where none is named. A
    /// text is called by it, and draws its random numbers from it: so it must not depend on how
    /// rows are divided.
    public SparkSettings numberColumn(String name) {
        return with(copy -> copy.numberColumn = name);
    }

    /// `generated` or `prompt`.
    public SparkSettings positions(String where) {
        if (!where.equalsIgnoreCase("generated") && !where.equalsIgnoreCase("prompt")) {
            throw new IllegalArgumentException(
                    "positions must be generated or prompt, but is " + where);
        }
        return with(copy -> copy.prompt = where.equalsIgnoreCase("prompt"));
    }

    /// Tokens to generate.
    public SparkSettings tokens(@Nullable Integer count) {
        return with(copy -> copy.tokens = count);
    }

    /// Texts to sample from each prompt.
    public SparkSettings samples(int count) {
        return with(copy -> copy.samples = count);
    }

    /// Divides the logits before sampling; 0 is greedy.
    public SparkSettings temperature(double value) {
        return with(copy -> copy.temperature = value);
    }

    /// Samples among the most probable tokens that reach it.
    public SparkSettings topP(double value) {
        return with(copy -> copy.topP = value);
    }

    /// Of the sampling.
    public SparkSettings seed(long value) {
        return with(copy -> copy.seed = value);
    }

    /// Generates all tokens, past the one that ends a text.
    public SparkSettings ignoreEos(boolean value) {
        return with(copy -> copy.ignoreEos = value);
    }

    /// Adds layer 0, the stream before the first block.
    public SparkSettings embedding(boolean value) {
        return with(copy -> copy.embedding = value);
    }

    /// Skips these blocks, numbered from 1.
    public SparkSettings skipBlocks(String blocks) {
        return with(copy -> copy.skipBlocks = list(blocks));
    }

    /// Also Rényi entropies of these orders: `0.5,2,inf`.
    public SparkSettings alpha(String orders) {
        return with(copy -> copy.alphas = list(orders));
    }

    /// Also the size of the smallest set of tokens whose probability reaches these: `0.6,0.9`.
    public SparkSettings topPSet(String probabilities) {
        return with(copy -> copy.topPSets = list(probabilities));
    }

    /// Also `kl`, `next`, `router`, or statistics by their names, such as `jaccard_0.9`.
    public SparkSettings stats(String names) {
        return with(copy -> copy.statistics = list(names));
    }

    /// Keeps the most probable tokens of every layer.
    public SparkSettings topK(int k) {
        return with(copy -> copy.topK = k);
    }

    /// Texts that run together.
    public SparkSettings batch(int texts) {
        return with(copy -> copy.batch = texts);
    }

    /// Threads that compute a task; 0 for as many as the task has processors.
    public SparkSettings threads(int count) {
        return with(copy -> copy.threads = count);
    }

    /// Fails at the first row that cannot be measured, instead of noting it.
    public SparkSettings strict(boolean value) {
        return with(copy -> copy.strict = value);
    }

    private static ArrayList<String> list(String entries) {
        return entries.isBlank()
                ? new ArrayList<>()
                : new ArrayList<>(
                        Arrays.stream(entries.split(",", -1)).map(String::strip).toList());
    }

    String model() {
        return model;
    }

    int threads() {
        return threads;
    }

    boolean strict() {
        return strict;
    }

    String numberColumn() {
        return numberColumn;
    }

    @Nullable String promptColumn() {
        return promptColumn;
    }

    @Nullable String answerColumn() {
        return answerColumn;
    }

    LoadOptions loadOptions() {
        return new LoadOptions(Optional.ofNullable(family), Set.copyOf(ignoredKeys));
    }

    /// Refuses what makes no sense.
    ///
    /// @throws IllegalArgumentException that names the setting
    public SparkSettings check() {
        settings();
        if (family != null && !Families.names().contains(family)) {
            throw new IllegalArgumentException(
                    "there is no family '%s'; there are %s"
                            .formatted(family, String.join(", ", Families.names())));
        }
        require(
                threads >= 0 && threads <= 1024,
                "threads must be 0 to 1,024, but is %d".formatted(threads));
        return this;
    }

    /// In the terms of the batch.
    BatchSettings settings() {
        Measured measured = measured();
        boolean generates = measured == Measured.GENERATED;
        int count = generates ? tokens == null ? TOKENS : tokens : 0;
        requireRange("batch", batch, MAX_BATCH);
        requireRange("samples", samples, MAX_SAMPLES);
        if (generates) {
            requireRange("tokens", count, Integer.MAX_VALUE);
        }
        require(
                generates || (tokens == null && temperature == 0),
                "nothing is generated here; leave out "
                        + (tokens != null ? "tokens" : "temperature"));
        require(
                samples == 1 || temperature != 0,
                "%d samples would all be the same without a temperature above 0"
                        .formatted(samples));
        require(topP == 1 || temperature != 0, "top-p has no effect without a temperature above 0");
        new Sampling(temperature, topP, seed);
        return new BatchSettings(
                measured,
                count,
                samples,
                temperature,
                topP,
                seed,
                ignoreEos,
                intervention(),
                embedding,
                readout(),
                batch);
    }

    private Measured measured() {
        require(
                answerColumn == null || !prompt,
                "an answer column measures the positions that predict the answer; leave out positions");
        if (answerColumn != null) {
            return Measured.ANSWER;
        }
        return prompt ? Measured.PROMPT : Measured.GENERATED;
    }

    /// The columns of `entropy-lens batch`, in its order.
    ReadoutRequest readout() {
        require(topK >= 1, "top-k must be at least 1, but is %d".formatted(topK));
        List<Statistic> all = new ArrayList<>();
        alphas.forEach(alpha -> addOnce(all, meant("renyi_" + alpha), "alpha", alpha));
        topPSets.forEach(p -> addOnce(all, meant("top_p_size_" + p), "top-p-set", p));
        all.add(Statistic.LOGIT_STD);
        all.add(Statistic.H_NORM);
        statistics.forEach(word -> all.addAll(meant(word)));
        return ReadoutRequest.ENTROPY.withTopK(topK).with(all);
    }

    /// The columns that are read.
    PromptColumns columns() {
        return PromptColumns.plain(
                Optional.ofNullable(promptColumn), Optional.ofNullable(answerColumn));
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
            List<Statistic> all, List<Statistic> more, String setting, String given) {
        for (Statistic statistic : more) {
            require(!all.contains(statistic), "%s names %s twice".formatted(setting, given));
            all.add(statistic);
        }
    }

    private Intervention intervention() {
        int[] blocks = skipBlocks.stream().mapToInt(SparkSettings::block).toArray();
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
