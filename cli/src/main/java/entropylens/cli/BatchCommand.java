package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.batch.BatchException;
import entropylens.batch.BatchModel;
import entropylens.batch.BatchRun;
import entropylens.batch.BatchSettings;
import entropylens.batch.BatchSettings.Measured;
import entropylens.batch.Shard;
import entropylens.data.PromptColumns;
import entropylens.data.Prompts;
import entropylens.data.Store;
import entropylens.model.Sampling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `entropy-lens batch`: a user's prompts, by the thousand.
@Command(
        name = "batch",
        description = {
            "Profiles every prompt of a file, and keeps all of it: one row for each text, and one for each token and layer (with --at, of each point).",
            "",
            "What is measured does not depend on what runs beside it, on how often the run was stopped, nor on how prompts were divided into shards.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "The directory gets profiles.parquet, texts.parquet and inputs.parquet (your file's columns; input_id there is group_id in texts), problems.parquet where rows could not be measured, run.duckdb and manifest.json. 'entropy-lens query' reads them; so do DuckDB, pandas and Spark.",
            "",
            "Examples:",
            "  entropy-lens batch --prompts prompts.jsonl --tokens 16 -o run",
            "  entropy-lens batch --prompts scored.csv --prompt-column question --answer-column answer \\",
            "      --model gpt2 --stats next,kl -o scored",
            "  entropy-lens batch --prompts conversations.jsonl --model path/to/Qwen3-0.6B --chat -o chats",
            "  entropy-lens batch --prompts documents/ --positions prompt --shard 2/8 -o part-2",
            "  entropy-lens batch --prompts prompts.jsonl --model gpt2 --lens gpt2.safetensors -o ridge",
            "  entropy-lens batch --merge part-1 part-2 -o whole"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class BatchCommand implements Runnable {
    private static final int MAX_BATCH = 4096;
    private static final int MAX_SAMPLES = 9999;

    @Spec CommandSpec spec;

    @ParentCommand Main main;

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description =
                    "Prompts: JSON Lines, a JSON list, CSV, Parquet or plain text (one between empty lines); a folder of these; - reads standard input. Repeatable.")
    List<Path> prompts = new ArrayList<>();

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
                    "The column that holds an answer to the prompt: nothing is generated, and the positions that predict the answer's tokens are measured.")
    @Nullable String answerColumn;

    @Mixin BatchChatOptions chat;

    @Mixin ModelOptions models;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "Directory of the run: new or empty, or with --resume that of a run.")
    Path directory;

    @Option(names = "--resume", description = "Go on with the run that was begun in the directory.")
    boolean resume;

    @Mixin RunOptions how;

    @Mixin AtOption at;

    @Mixin LensesOption lenses;

    @Mixin ReadoutOptions readout;

    @Option(
            names = "--strict",
            description =
                    "Stop at the first row that cannot be measured (empty, no text, too long), instead of noting it and going on.")
    boolean strict;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description =
                    "Only every N-th prompt, beginning with the I-th: the parts 1/N to N/N are all of them.")
    @Nullable String shard;

    @Option(
            names = "--merge",
            paramLabel = "DIR",
            arity = "1..*",
            description =
                    "Join finished parts, made with --shard, into the run that they are together; nothing is measured. Only -o and --resume go with it.")
    List<Path> merge = new ArrayList<>();

    @Mixin LoadingOptions loading;

    @Mixin AdapterOptions adapters;

    @Override
    public void run() {
        if (!merge.isEmpty()) {
            BatchMerge.run(merge, directory, resume, spec);
            return;
        }
        if (prompts.isEmpty()) {
            throw wrong("Missing required option: '--prompts=FILE'");
        }
        Shard part = shard();
        BatchSettings settings = settings();
        loading.threads();
        try (BatchInput input = BatchInput.open(prompts)) {
            BatchModels subjects =
                    new BatchModels(
                            models.all(main.hub()),
                            loading,
                            adapters.sources(main.hub()),
                            chat::form,
                            lenses.of());
            subjects.check(
                    spec.commandLine().getErr(),
                    model -> {
                        requireFits(model, settings);
                        lookAtPrompts(model, input);
                    });
            try (Store store =
                    Store.open(
                            directory,
                            BatchManifest.of(
                                    settings, part, input, columns(), chat, subjects, spec),
                            settings.readout(),
                            resume)) {
                List<BatchSummary> summaries = measure(store, settings, part, input, subjects);
                store.exportParquet();
                summaries.forEach(summary -> summary.print(spec.commandLine().getOut()));
                spec.commandLine().getOut().println("Run: " + directory);
            }
        }
    }

    private List<BatchSummary> measure(
            Store store,
            BatchSettings settings,
            Shard part,
            BatchInput input,
            BatchModels subjects) {
        List<BatchSummary> summaries = new ArrayList<>();
        int models = subjects.directories().size();
        try (BatchProgressLine progress =
                BatchProgressLine.start(spec.commandLine().getErr(), input, models, part.count())) {
            subjects.each(model -> {
                long before = summaries.stream().mapToLong(one -> one.done().rows()).sum();
                BatchRun run =
                        new BatchRun(
                                store,
                                settings,
                                part,
                                (name, rows, texts) -> progress.update(name, before + rows, texts));
                summaries.add(new BatchSummary(model.name(), measure(run, model, input)));
            });
        }
        return summaries;
    }

    private BatchRun.Done measure(BatchRun run, BatchModel model, BatchInput input) {
        try (Prompts rows = new Prompts(input.files(), columns())) {
            return run.run(model, rows, strict);
        } catch (BatchException e) {
            throw new CliException(String.valueOf(e.getMessage()), e);
        }
    }

    private PromptColumns columns() {
        return chat.columns(promptColumn, answerColumn);
    }

    private void lookAtPrompts(BatchModel model, BatchInput input) {
        try (Prompts rows = new Prompts(input.files(), columns())) {
            chat.look(model, rows, spec.commandLine().getErr());
        }
    }

    private void requireFits(BatchModel model, BatchSettings settings) {
        EntropyLens lens = model.lens();
        ReadoutOptions.requireFits(settings.readout(), lens.model());
        AtOption.requireIn(lens.model().config(), settings.points());
        how.requireBlocksOf(lens.model().config().nLayers());
        LensOption.requireReads(model.through(), lens, settings.points(), settings.embedding());
    }

    private Shard shard() {
        if (shard == null) {
            return Shard.WHOLE;
        }
        String[] parts = shard.split("/", -1);
        try {
            if (parts.length == 2) {
                return new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw wrong("--shard must be I/N with 1 <= I <= N, for example 2/8, but is " + shard);
    }

    private BatchSettings settings() {
        chat.contradiction(promptColumn)
                .ifPresent(why -> {
                    throw wrong(why);
                });
        Measured measured = measured();
        how.requireSensible(
                switch (measured) {
                    case GENERATED -> null;
                    case PROMPT -> "--positions prompt";
                    case ANSWER -> "--answer-column";
                });
        requireAtMost("--batch", how.batch, MAX_BATCH);
        requireAtMost("--samples", how.samples, MAX_SAMPLES);
        Sampling sampling = how.sampling();
        return new BatchSettings(
                        measured,
                        measured == Measured.GENERATED ? how.tokens() : 0,
                        how.samples,
                        sampling.temperature(),
                        sampling.topP(),
                        sampling.seed(),
                        how.ignoreEos,
                        how.intervention(),
                        how.embedding,
                        readout.request(),
                        how.batch)
                .at(at.points(how.embedding));
    }

    private Measured measured() {
        if (answerColumn != null) {
            if (how.positions != null) {
                throw wrong(
                        "--answer-column measures the positions that predict the answer; leave out --positions");
            }
            return Measured.ANSWER;
        }
        return how.ofPrompt() ? Measured.PROMPT : Measured.GENERATED;
    }

    private void requireAtMost(String option, int value, int most) {
        if (value > most) {
            throw wrong("%s must be at most %,d, but is %d".formatted(option, most, value));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
