package entropylens.spark;

import entropylens.batch.Shard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// The options of [SparkBatch], and the settings that they make.
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class SparkBatchOptions {
    @Spec(Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--prompts",
            paramLabel = "URI",
            required = true,
            description =
                    "Prompts: JSON Lines, a JSON list, CSV, Parquet or plain text, or a folder of these, where every executor can read them (s3a://…, hdfs://…, a shared disk). Repeatable.")
    List<String> prompts = new ArrayList<>();

    @Option(
            names = "--prompt-column",
            paramLabel = "NAME",
            description =
                    "The column that holds the prompt (default: prompt, text or question, or the only one).")
    @Nullable String promptColumn;

    @Option(
            names = "--answer-column",
            paramLabel = "NAME",
            description =
                    "The column that holds an answer: nothing is generated, and the positions that predict its tokens are measured.")
    @Nullable String answerColumn;

    @Option(
            names = "--chat",
            description =
                    "Take a prompt as a user's message and write it with the model's chat template.")
    boolean chat;

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            description = "What the system says before it; only with --chat.")
    @Nullable String system;

    @Option(
            names = "--today",
            paramLabel = "DATE",
            description =
                    "What templates that print the day take for today, as 2026-11-28 (default: the day on which the job starts).")
    @Nullable String today;

    @Option(
            names = "--messages-column",
            paramLabel = "NAME",
            description =
                    "The column that holds conversations: lists of {role, content}, or their JSON as text (with --chat, default: messages, where there is one). Implies --chat.")
    @Nullable String messagesColumn;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            required = true,
            description =
                    "The path of a checkpoint or GGUF file, the same on every executor's own disk, or a name in the cache of each.")
    String model;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "URI",
            required = true,
            description = "Directory of the results: new or empty.")
    String directory;

    @Option(
            names = "--positions",
            paramLabel = "WHERE",
            defaultValue = "generated",
            description = "generated (default) or prompt.")
    String positions;

    @Option(names = "--tokens", paramLabel = "T", description = "Tokens to generate (default: 32).")
    @Nullable Integer tokens;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            defaultValue = "0",
            description =
                    "Divides the logits before sampling; 0 is greedy (default: ${DEFAULT-VALUE}).")
    double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description =
                    "Sample among the most probable tokens that reach P (default: ${DEFAULT-VALUE}, all).")
    double topP;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "1",
            description = "Texts to sample from each prompt (default: ${DEFAULT-VALUE}).")
    int samples;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the sampling (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--ignore-eos",
            description = "Generate all T tokens, past the token that ends a text.")
    boolean ignoreEos;

    @Option(names = "--embedding", description = "Add layer 0, the stream before the first block.")
    boolean embedding;

    @Option(
            names = "--at",
            paramLabel = "POINT",
            defaultValue = "",
            description =
                    "Where each block is read: resid_pre, attn_out, resid_mid, mlp_out, resid_post (default: resid_post).")
    String at;

    @Option(
            names = "--skip-blocks",
            paramLabel = "L",
            defaultValue = "",
            description = "Skip these blocks, numbered 1..L.")
    String skipBlocks;

    @Option(
            names = "--alpha",
            paramLabel = "A",
            defaultValue = "",
            description = "Also Rényi entropies of these orders, for example 0.5,2,inf.")
    String alpha;

    @Option(
            names = "--top-p-set",
            paramLabel = "P",
            defaultValue = "",
            description =
                    "Also the size of the smallest set of tokens whose probability reaches P, for example 0.6.")
    String topPSet;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "1",
            description =
                    "Keep the K most probable tokens of every layer (default: ${DEFAULT-VALUE}).")
    int topK;

    @Option(
            names = "--stats",
            paramLabel = "S",
            defaultValue = "",
            description = "Also kl, next, router, or any statistic by its name.")
    String stats;

    @Option(
            names = "--strict",
            description = "Stop at the first row that cannot be measured, instead of noting it.")
    boolean strict;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            defaultValue = "1/1",
            description =
                    "Only every N-th prompt, beginning with the I-th: the parts 1/N to N/N are all of them.")
    String shard;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Texts that run together in a task (default: ${DEFAULT-VALUE}).")
    int batch;

    @Option(
            names = "--unit",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Prompts of a task, which is done again where an executor dies (default: four tasks for each processor, at most 1,024 prompts).")
    int unit;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads of a task (default: spark.task.cpus).")
    int threads;

    @Option(
            names = "--as",
            paramLabel = "FAMILY",
            description = "Read the checkpoint as this family, whatever config.json names.")
    @Nullable String family;

    @Option(
            names = "--ignore-config-key",
            paramLabel = "KEY",
            description = "Load although this key of config.json is not understood. Repeatable.")
    List<String> ignoredKeys = new ArrayList<>();

    @Option(
            names = "--adapter",
            paramLabel = "ADAPTER",
            description =
                    "Apply an adapter of PEFT: its directory, the same on every executor's own disk, or its id in the cache of each. Repeatable.")
    List<String> adapters = new ArrayList<>();

    @Option(
            names = "--adapter-scale",
            paramLabel = "S",
            description =
                    "Multiplies what an adapter adds (default: 1); with several, one scale each, in their order.")
    List<Double> adapterScales = new ArrayList<>();

    /// @throws ParameterException when an option makes no sense
    SparkSettings settings() {
        try {
            return adapted(SparkSettings.of(model))
                    .as(family)
                    .ignoreConfigKeys(String.join(",", ignoredKeys))
                    .chat(chat)
                    .system(system)
                    .today(today)
                    .messagesColumn(messagesColumn)
                    .promptColumn(promptColumn)
                    .answerColumn(answerColumn)
                    .positions(positions)
                    .tokens(tokens)
                    .temperature(temperature)
                    .topP(topP)
                    .samples(samples)
                    .seed(seed)
                    .ignoreEos(ignoreEos)
                    .embedding(embedding)
                    .at(at)
                    .skipBlocks(skipBlocks)
                    .alpha(alpha)
                    .topPSet(topPSet)
                    .topK(topK)
                    .stats(stats)
                    .strict(strict)
                    .batch(batch)
                    .threads(threads)
                    .check();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private SparkSettings adapted(SparkSettings base) {
        if (!adapterScales.isEmpty() && adapterScales.size() != adapters.size()) {
            throw new IllegalArgumentException(
                    "--adapter-scale is given %d times, but --adapter %d times; give one scale for each adapter, in their order"
                            .formatted(adapterScales.size(), adapters.size()));
        }
        SparkSettings settings = base;
        for (int i = 0; i < adapters.size(); i++) {
            settings =
                    settings.adapter(
                            adapters.get(i), adapterScales.isEmpty() ? 1 : adapterScales.get(i));
        }
        return settings;
    }

    /// Which prompts are meant.
    ///
    /// @throws ParameterException when it is no part
    Shard part() {
        String[] parts = shard.split("/", -1);
        try {
            if (parts.length == 2) {
                return new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ParameterException(
                spec.commandLine(),
                "--shard must be I/N with 1 <= I <= N, for example 2/8, but is " + shard);
    }

    /// @throws ParameterException when it is negative
    int unit() {
        if (unit < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--unit must be at least 1, but is " + unit);
        }
        return unit;
    }
}
