package entropylens.spark;

import java.io.Serial;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
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

    /// The day on which they were made: the same on every executor.
    private final LocalDate made = LocalDate.now();

    @Nullable String family;
    ArrayList<String> ignoredKeys = new ArrayList<>();
    ArrayList<String> adapters = new ArrayList<>();
    ArrayList<Double> adapterScales = new ArrayList<>();
    boolean chat;
    @Nullable String system;
    @Nullable LocalDate today;
    @Nullable String messagesColumn;
    @Nullable String promptColumn;
    @Nullable String answerColumn;
    private String numberColumn = "number";
    boolean prompt;
    @Nullable Integer tokens;
    int samples = 1;
    double temperature;
    double topP = 1;
    long seed;
    boolean ignoreEos;
    boolean embedding;
    ArrayList<String> at = new ArrayList<>();
    ArrayList<String> skipBlocks = new ArrayList<>();
    ArrayList<String> alphas = new ArrayList<>();
    ArrayList<String> topPSets = new ArrayList<>();
    ArrayList<String> statistics = new ArrayList<>();
    int topK = 1;
    int batch = 16;
    int threads;
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

    /// Applies an adapter of PEFT beside the model's weights, and after those that are there.
    ///
    /// @param name its directory, the same on every executor, or an id that is in the cache of each
    /// @param scale multiplies what it adds; 1 is the adapter as it was trained
    public SparkSettings adapter(String name, double scale) {
        return with(copy -> {
            copy.adapters = new ArrayList<>(adapters);
            copy.adapters.add(name);
            copy.adapterScales = new ArrayList<>(adapterScales);
            copy.adapterScales.add(scale);
        });
    }

    /// Takes a prompt as a user's message and writes it with the model's chat template.
    public SparkSettings chat(boolean value) {
        return with(copy -> copy.chat = value);
    }

    /// What the system says before it, with [#chat].
    public SparkSettings system(@Nullable String text) {
        return with(copy -> copy.system = text);
    }

    /// What templates that print the day take for today, such as `2026-11-28`; the day on which the
    /// settings are made where none is named.
    ///
    /// @throws IllegalArgumentException when it is no date
    public SparkSettings today(@Nullable String day) {
        try {
            LocalDate parsed = day == null ? null : LocalDate.parse(day);
            return with(copy -> copy.today = parsed);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "today must be a date such as 2026-11-28, but is " + day, e);
        }
    }

    /// The column that holds conversations: lists of `{role, content}`, or their JSON as text.
    /// Implies [#chat].
    public SparkSettings messagesColumn(@Nullable String name) {
        return with(copy -> copy.messagesColumn = name);
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

    /// Where each block is read: `resid_pre,resid_mid,resid_post`, `attn_out`, `mlp_out`.
    public SparkSettings at(String points) {
        return with(copy -> copy.at = list(points));
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

    /// What templates take for today.
    LocalDate day() {
        return today == null ? made : today;
    }

    /// Refuses what makes no sense.
    ///
    /// @throws IllegalArgumentException that names the setting
    public SparkSettings check() {
        terms().check();
        return this;
    }

    /// In the terms of the batch.
    BatchTerms terms() {
        return new BatchTerms(this);
    }
}
