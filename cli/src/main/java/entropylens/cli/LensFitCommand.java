package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.family.LoadedModel;
import entropylens.hub.Models;
import entropylens.lens.Lens;
import entropylens.lens.Unembed;
import entropylens.result.Build;
import entropylens.translators.LensFit;
import entropylens.translators.LensWriter;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `entropy-lens lens fit`: a lens with a closed form, fitted on texts.
@Command(
        name = "fit",
        description = {
            "Fits a lens: for each layer, what brings its stream near the last layer's on the texts given. Every tenth text is held out, and what is lost by reading at each layer is measured on it, without and with the lens.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class LensFitCommand implements Runnable {
    @Spec CommandSpec spec;

    @ParentCommand LensCommand parent;

    @Mixin ModelOptions model;

    @Mixin UntrainedOption untrained;

    @Option(
            names = "--prompts",
            required = true,
            paramLabel = "FILE",
            description =
                    "Texts: JSON Lines, a JSON list, CSV, Parquet or plain text, a file or a folder of them; - for standard input. May be given several times.")
    List<Path> prompts;

    @Option(
            names = "--prompt-column",
            paramLabel = "NAME",
            description = "Column with the texts (default: prompt, text or question).")
    @Nullable String column;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "ridge",
            description =
                    "ridge: a matrix and a shift, by ridge regression (default). mean: a shift by the difference of the means.")
    LensFit.Kind kind;

    @Option(
            names = "--lambda",
            paramLabel = "X",
            defaultValue = "0.01",
            description =
                    "Of the ridge: how much the matrix costs, in mean variances of a layer's stream (default: ${DEFAULT-VALUE}).")
    double lambda;

    @Option(
            names = "--length",
            paramLabel = "T",
            defaultValue = "256",
            description = "Tokens of a text that are used (default: ${DEFAULT-VALUE}).")
    int length;

    @Option(
            names = "--skip-positions",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Leave out the first N positions of a text, where nothing was read yet (default: ${DEFAULT-VALUE}).")
    int skipped;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Texts that run together (default: ${DEFAULT-VALUE}).")
    int batch;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE.safetensors",
            description = "Where the lens is written.")
    Path output;

    @Option(names = "--force", description = "Overwrite a file that exists.")
    boolean force;

    @Mixin LoadingOptions loading;

    @Override
    public void run() {
        LensFit.Settings settings = settings();
        OutputFile file = new OutputFile("-o", output, force);
        file.requireWritable();
        Path directory = model.one(parent.main.hub());
        PrintWriter err = spec.commandLine().getErr();
        try (BatchInput input = BatchInput.open(prompts);
                EntropyLens lens =
                        EntropyLens.open(
                                directory,
                                untrained.of(loading.options()),
                                loading.threads(),
                                loading.device());
                Arena arena = Arena.ofShared()) {
            LoadedModel loaded = lens.loaded();
            LoadingOptions.note(loaded, err);
            LoadingOptions.noteSlowKernels(lens.model().kernels(), err);
            LensFit fit = fit(lens, settings);
            int most = Math.min(length, loaded.model().config().nCtx());
            LensTexts texts =
                    LensTexts.read(
                            input.files(), column, loaded, new ModelText(directory), most, skipped);
            write(file, lens, fit, texts, input, arena);
        }
    }

    private LensFit.Settings settings() {
        if (!output.toString().endsWith(".safetensors")) {
            throw wrong(
                    "-o writes safetensors; name the file something.safetensors, not " + output);
        }
        requireAtLeast("--length", length, 2);
        requireAtLeast("--batch", batch, 1);
        try {
            return new LensFit.Settings(kind, lambda, skipped, batch);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw wrong("%s must be at least %d, but is %d".formatted(option, least, value));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static LensFit fit(EntropyLens lens, LensFit.Settings settings) {
        try {
            return new LensFit(lens.model(), settings);
        } catch (IllegalArgumentException e) {
            throw new CliException(e.getMessage() + ": ENTROPY_LENS_JAVA_OPTS=-Xmx…", e);
        }
    }

    private void write(
            OutputFile file,
            EntropyLens lens,
            LensFit fit,
            LensTexts texts,
            BatchInput input,
            Arena arena) {
        LensFit.Fitted fitted;
        double[] before;
        double[] after;
        try (ProgressLine progress = ProgressLine.start(spec.commandLine().getErr())) {
            fitted = fit.fit(texts.fitted(), arena, progress);
        }
        try (ProgressLine progress = ProgressLine.start(spec.commandLine().getErr())) {
            before = fit.divergence(Lens.LOGIT, texts.heldOut(), progress);
            after = fit.divergence(fitted.lens(), texts.heldOut(), progress);
        }
        SortedMap<String, String> facts = facts(lens.loaded(), fitted, texts, input);
        facts.put(LensFacts.BEFORE, LensFacts.joined(before));
        facts.put(LensFacts.AFTER, LensFacts.joined(after));
        file.write(out -> LensWriter.write(fitted.lens(), facts, out));
        PrintWriter out = spec.commandLine().getOut();
        LensTable.print(lens.openLens(output.toString()), out);
        out.flush();
    }

    private SortedMap<String, String> facts(
            LoadedModel loaded, LensFit.Fitted fitted, LensTexts texts, BatchInput input) {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("model", Models.nameOf(loaded.directory()));
        facts.put("unembed_sha256", Unembed.of(loaded.model()).sha256());
        facts.put("weights_header_sha256", loaded.weightsHeaderSha256());
        facts.put("data", String.join(", ", input.names()));
        facts.put("data_sha256", String.join(", ", input.identity()));
        facts.put("texts", String.valueOf(texts.fitted().size()));
        facts.put("texts_held_out", String.valueOf(texts.heldOut().size()));
        facts.put("texts_too_short", String.valueOf(texts.leftOut()));
        facts.put("positions", String.valueOf(fitted.rows()));
        facts.put("skipped_positions", String.valueOf(skipped));
        facts.put("length", String.valueOf(length));
        if (untrained.seed != null) {
            facts.put("untrained_seed", String.valueOf(untrained.seed));
        }
        facts.put("kernels", loaded.model().backend().name());
        facts.put("program", Build.version() + " " + Build.commit());
        if (kind == LensFit.Kind.RIDGE) {
            facts.put("lambda", String.valueOf(lambda));
        }
        return facts;
    }
}
