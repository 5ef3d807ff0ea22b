package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.hook.Intervention;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.TextProfile;
import entropylens.model.Sampling;
import entropylens.result.ChatPrompt;
import entropylens.result.ProfileCsv;
import entropylens.result.ProfileJson;
import entropylens.result.ProfileResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `entropy-lens profile`: the main job.
@Command(
        name = "profile",
        description = {
            "Generates text and prints the entropy of the next-token distribution after every block.",
            "",
            "Layer l is the residual stream after block l, read out with the model's own final norm and unembedding (the logit lens). Entropy up from one layer to the next: the block expands the set of candidate tokens. Down: it prunes it.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "entropy-lens profile [OPTIONS] PROMPT",
            "       entropy-lens profile [OPTIONS] (--prompt-file FILE | --token-ids ID,... | --messages FILE.json)",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  entropy-lens profile \"Write a poem about the baker.\"",
            "  entropy-lens profile --model tinytown-gpt2-12 --untrained 1 \"Write a poem about the baker.\"",
            "  entropy-lens profile --model path/to/Qwen3-0.6B --chat --system \"Be brief.\" \"Name a river.\"",
            "  entropy-lens profile --model path/to/gpt2 --token-ids 50256 --temperature 0.7 --samples 16 \\",
            "      --format json -o gpt2.json --plot gpt2.png"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ProfileCommand implements Runnable {
    /// Where the measured positions lie.
    enum MeasuredPositions {
        GENERATED,
        PROMPT
    }

    /// How results are written.
    enum Format {
        TABLE,
        JSON,
        CSV
    }

    @Spec CommandSpec spec;

    @ParentCommand Main main;

    @Mixin ModelOptions model;

    @Mixin PromptOptions input;

    @Mixin ChatOptions chat;

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
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Seed of the sampling; sample i draws from the seed and i (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Texts to sample from the prompt; the table shows their mean and spread (default: ${DEFAULT-VALUE}).")
    int samples;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Texts generated together (default: ${DEFAULT-VALUE}).")
    int batch;

    @Option(
            names = "--ignore-eos",
            description = "Generate all T tokens, past the token that ends a text.")
    boolean ignoreEos;

    @Option(
            names = "--positions",
            defaultValue = "generated",
            paramLabel = "WHERE",
            description =
                    "generated: the positions that predict the generated tokens (default). prompt: every position of the prompt, nothing is generated.")
    MeasuredPositions positions;

    @Option(
            names = "--windows",
            paramLabel = "W",
            defaultValue = "1",
            description =
                    "Cut the tokens into W equal windows and average inside each (default: ${DEFAULT-VALUE}).")
    int windows;

    @Option(
            names = "--normalize",
            description = "Divide entropies by ln V, so that 1 is uniform over the vocabulary.")
    boolean normalize;

    @Option(names = "--embedding", description = "Add layer 0, the stream before the first block.")
    boolean embedding;

    @Option(
            names = "--skip-blocks",
            split = ",",
            paramLabel = "L",
            description =
                    "Skip these blocks, numbered 1..L like the layers they make (block 1 is TransformerLens' blocks.0).")
    int @Nullable [] skipBlocks;

    @Mixin ReadoutOptions readout;

    @Option(
            names = "--format",
            paramLabel = "F",
            defaultValue = "table",
            description = "table, json or csv (default: ${DEFAULT-VALUE}).")
    Format format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the result to a file instead of standard output.")
    @Nullable Path output;

    @Option(names = "--plot", paramLabel = "FILE.png", description = "Draw the profile.")
    @Nullable Path plot;

    @Option(names = "--force", description = "Overwrite files that exist.")
    boolean force;

    @Mixin LoadingOptions loading;

    @Mixin UntrainedOption untrained;

    @Mixin AdapterOptions adapters;

    @Override
    public void run() {
        requireSensible();
        Sampling sampling = sampling();
        ReadoutRequest statistics = readout.request();
        adapters.refuseUntrained(untrained);
        LoadOptions options = untrained.of(loading.options().adapted(adapters.sources(main.hub())));
        int threads = loading.threads();
        List<OutputFile> files = outputFiles();
        files.forEach(OutputFile::requireWritable);
        Path directory = model.one(main.hub());
        Optional<ChatPrompt> written =
                chat.prompt(directory, input::text, spec.commandLine().getErr());
        try (EntropyLens lens = EntropyLens.open(directory, options, threads)) {
            LoadedModel loaded = lens.loaded();
            LoadingOptions.note(loaded, spec.commandLine().getErr());
            LoadingOptions.noteSlowKernels(lens.model().kernels(), spec.commandLine().getErr());
            AdapterOptions.noteOtherBase(loaded, spec.commandLine().getErr());
            ModelText text = ModelText.orIds(directory);
            ProfileRequest request = request(loaded, sampling, statistics);
            int[] ids =
                    written.map(prompt -> PromptOptions.ids(prompt, loaded, text))
                            .orElseGet(() -> input.ids(loaded, text));
            text.note()
                    .ifPresent(note ->
                            spec.commandLine()
                                    .getErr()
                                    .println(Failures.oneLine("entropy-lens: " + note)));
            requireWindowsDivide(
                    positions == MeasuredPositions.PROMPT
                            ? ids.length
                            : request.positions().tokens());
            List<TextProfile> texts = measure(lens, ids, request);
            report(result(loaded, text, request, texts, threads, written));
        }
    }

    /// What can be known to be wrong before anything is read.
    private void requireSensible() {
        int given = input.given() + (chat.messages == null ? 0 : 1);
        if (given != 1) {
            throw wrong(
                    given == 0
                            ? "a prompt is needed: as an argument, with --prompt-file, - for standard input, or --token-ids"
                            : "the prompt is given more than once; choose one of the argument, --prompt-file and --token-ids");
        }
        chat.contradiction(input)
                .ifPresent(why -> {
                    throw wrong(why);
                });
        requireAtLeast("--samples", samples, 1);
        requireAtLeast("--batch", batch, 1);
        requireAtLeast("--windows", windows, 1);
        for (int i = 0; skipBlocks != null && i < skipBlocks.length; i++) {
            requireAtLeast("--skip-blocks", skipBlocks[i], 1);
            for (int j = 0; j < i; j++) {
                if (skipBlocks[i] == skipBlocks[j]) {
                    throw wrong("--skip-blocks names block %d twice".formatted(skipBlocks[i]));
                }
            }
        }
        if (positions == MeasuredPositions.PROMPT && (tokens != null || temperature != 0)) {
            throw wrong(
                    "--positions prompt generates nothing; leave out "
                            + (tokens != null ? "--tokens" : "--temperature"));
        }
        if (positions == MeasuredPositions.GENERATED) {
            requireAtLeast("--tokens", tokens(), 1);
            requireWindowsDivide(tokens());
        }
        if (samples > 1 && (temperature == 0 || positions == MeasuredPositions.PROMPT)) {
            throw wrong(
                    "%d samples would all be the same %s"
                            .formatted(
                                    samples,
                                    positions == MeasuredPositions.PROMPT
                                            ? "with --positions prompt"
                                            : "without a --temperature above 0"));
        }
        if (topP != 1 && temperature == 0) {
            throw wrong("--top-p has no effect without a --temperature above 0");
        }
        if (plot != null && plot.equals(output)) {
            throw wrong("-o and --plot name the same file, " + plot);
        }
        if (plot != null && !plot.toString().endsWith(".png")) {
            throw wrong("--plot writes PNG; name the file something.png, not " + plot);
        }
    }

    private void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw wrong("%s must be at least %d, but is %d".formatted(option, least, value));
        }
    }

    private void requireWindowsDivide(int rows) {
        if (rows % windows != 0) {
            throw wrong(
                    "--windows %d does not divide %d tokens into equal parts"
                            .formatted(windows, rows));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private List<OutputFile> outputFiles() {
        List<OutputFile> files = new ArrayList<>();
        if (output != null) {
            files.add(new OutputFile("-o", output, force));
        }
        if (plot != null) {
            files.add(new OutputFile("--plot", plot, force));
        }
        return files;
    }

    private int tokens() {
        return tokens == null ? 32 : tokens;
    }

    private Sampling sampling() {
        try {
            return new Sampling(temperature, topP, seed);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ProfileRequest request(
            LoadedModel loaded, Sampling sampling, ReadoutRequest statistics) {
        int dVocab = loaded.model().config().dVocab();
        if (statistics.topK() > dVocab) {
            throw new CliException(
                    "--top-k is %d, but the model's vocabulary has only %d tokens"
                            .formatted(statistics.topK(), dVocab));
        }
        return new ProfileRequest(
                positions == MeasuredPositions.PROMPT
                        ? Positions.PROMPT
                        : new Positions.Generated(
                                tokens(), sampling, ignoreEos ? Set.of() : loaded.stopIds()),
                intervention(loaded.model().config().nLayers()),
                embedding,
                statistics);
    }

    private Intervention intervention(int nLayers) {
        if (skipBlocks == null) {
            return Intervention.NONE;
        }
        int[] layers = new int[skipBlocks.length];
        for (int i = 0; i < layers.length; i++) {
            if (skipBlocks[i] > nLayers) {
                throw new CliException(
                        "--skip-blocks: there is no block %d; this model has blocks 1..%d"
                                .formatted(skipBlocks[i], nLayers));
            }
            layers[i] = skipBlocks[i] - 1;
        }
        return Intervention.skip(layers);
    }

    private List<TextProfile> measure(EntropyLens lens, int[] ids, ProfileRequest request) {
        try (ProgressLine progress = ProgressLine.start(spec.commandLine().getErr())) {
            return lens.profile(Collections.nCopies(samples, ids), request, batch, progress);
        } catch (ArithmeticException e) {
            throw new CliException(
                    "%s: %s; if the files are as they were published, please report it"
                            .formatted(lens.loaded().directory(), e.getMessage()),
                    e);
        }
    }

    private ProfileResult result(
            LoadedModel loaded,
            ModelText text,
            ProfileRequest request,
            List<TextProfile> texts,
            int threads,
            Optional<ChatPrompt> written) {
        try {
            return new ProfileResult(
                    loaded, text.tokens(), request, texts, windows, normalize, threads, written);
        } catch (IllegalArgumentException e) {
            throw new CliException(e.getMessage() + "; --ignore-eos generates all of them", e);
        }
    }

    private void report(ProfileResult result) {
        if (output == null) {
            PrintWriter out = spec.commandLine().getOut();
            print(result, out, Style.ofTerminal());
            out.flush();
        } else {
            new OutputFile("-o", output, force)
                    .writeText(writer -> print(result, writer, Style.PLAIN));
        }
        if (plot != null) {
            new OutputFile("--plot", plot, force).write(out -> ProfilePlot.write(result, out));
        }
    }

    private void print(ProfileResult result, PrintWriter out, Style style) {
        switch (format) {
            case TABLE -> ProfileTable.print(result, out, style);
            case JSON -> ProfileJson.print(result, out);
            case CSV -> ProfileCsv.print(result, out);
        }
    }
}
