package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.family.LoadedModel;
import entropylens.hub.Models;
import entropylens.lens.Lens;
import entropylens.lens.Unembed;
import entropylens.model.Model;
import entropylens.result.Build;
import entropylens.translators.HeldOut;
import entropylens.translators.JacobianFit;
import entropylens.translators.LensFit;
import entropylens.translators.LensFitter;
import entropylens.translators.Resumption;
import entropylens.translators.TextsTooLongException;
import entropylens.translators.TunedFit;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `entropy-lens lens fit`: a lens, fitted on texts.
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
    /// Between two notes of how far a fit is.
    private static final Duration KEPT_EVERY = Duration.ofSeconds(30);

    @Spec CommandSpec spec;

    @ParentCommand LensCommand parent;

    @Mixin ModelOptions model;

    @Mixin UntrainedOption untrained;

    @Mixin LensTextOptions given;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "ridge",
            description =
                    "ridge: a matrix and a shift, by ridge regression (default). mean: a shift by the difference of the means. tuned: a matrix and a shift, trained to bring the distribution of a layer near the last one's. jacobian: the derivative of the last layer's stream by a layer's, averaged over the texts.")
    FitKind kind;

    @Option(
            names = "--lambda",
            paramLabel = "X",
            defaultValue = "0.01",
            description =
                    "Of the ridge: how much the matrix costs, in mean variances of a layer's stream (default: ${DEFAULT-VALUE}).")
    double lambda;

    @Mixin TunedOptions tuned;

    @Option(
            names = "--skip-positions",
            paramLabel = "N",
            description =
                    "Leave out the first N positions of a text, where little was read yet (default: 1; of a Jacobian lens 16, as in jlens).")
    @Nullable Integer skip;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Texts that run together (default: ${DEFAULT-VALUE}).")
    int batch;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description =
                    "Where the lens is written: NAME.safetensors; of a tuned lens, also a folder as tuned-lens writes it; of a Jacobian lens, also NAME.pt as jlens does. A fit that takes long keeps beside it, in NAME.state, how far it is: the same command goes on from there.")
    Path output;

    @Option(names = "--force", description = "Overwrite a file that exists.")
    boolean force;

    @Mixin LoadingOptions loading;

    @Mixin AdapterOptions adapters;

    @Override
    public void run() {
        LensOutput file = new LensOutput(output, force);
        requireSensible(file);
        file.requireWritable();
        Path directory = model.one(parent.main.hub());
        PrintWriter err = spec.commandLine().getErr();
        adapters.refuseUntrained(untrained);
        try (BatchInput input = BatchInput.open(given.prompts);
                EntropyLens lens =
                        LensModel.open(
                                directory, untrained, loading, adapters, parent.main.hub(), err);
                Arena arena = Arena.ofShared()) {
            LensFitter fitter = fitter(lens);
            LensTexts texts = given.read(input, lens.loaded(), skipped());
            write(file, lens, fitter, texts, input, arena);
        }
    }

    private int skipped() {
        return skip != null ? skip : kind == FitKind.JACOBIAN ? 16 : 1;
    }

    private void requireSensible(LensOutput file) {
        given.requireSensible(skipped());
        given.requireAtLeast("--batch", batch, 1);
        try {
            file.requireForm(kind);
            switch (kind) {
                case RIDGE, MEAN -> closedForm();
                case TUNED -> tuned.settings(skipped(), batch);
                case JACOBIAN -> {}
            }
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        if (kind != FitKind.TUNED && tuned.first().isPresent()) {
            throw wrong(
                    "%s says how a lens is trained, but --kind is %s; leave it out, or train with --kind tuned"
                            .formatted(tuned.first().get(), kind.word()));
        }
    }

    private LensFit.Settings closedForm() {
        LensFit.Kind closed = kind == FitKind.MEAN ? LensFit.Kind.MEAN : LensFit.Kind.RIDGE;
        return new LensFit.Settings(closed, lambda, skipped(), batch);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private LensFitter jacobian(Model model) {
        JacobianFit.unsupported(model)
                .ifPresent(not -> {
                    throw new CliException(not);
                });
        return new JacobianFit(model, skipped());
    }

    private LensFitter fitter(EntropyLens lens) {
        try {
            return switch (kind) {
                case RIDGE, MEAN -> new LensFit(lens.model(), closedForm());
                case TUNED -> new TunedFit(lens.model(), tuned.settings(skipped(), batch));
                case JACOBIAN -> jacobian(lens.model());
            };
        } catch (IllegalArgumentException e) {
            throw new CliException(String.valueOf(e.getMessage()), e);
        }
    }

    private void write(
            LensOutput file,
            EntropyLens lens,
            LensFitter fitter,
            LensTexts texts,
            BatchInput input,
            Arena arena) {
        SortedMap<String, String> facts = ofModel(lens.loaded());
        Resumption resumption =
                new Resumption(Optional.of(file.state()), facts.toString(), KEPT_EVERY);
        LensFit.Fitted fitted;
        double[] before;
        double[] after;
        HeldOut heldOut = new HeldOut(lens.model(), skipped(), batch);
        // first what is quick: texts that do not fit the heap stop the command before the fit
        try (ProgressLine progress = ProgressLine.start(spec.commandLine().getErr())) {
            before = heldOut.divergence(Lens.LOGIT, texts.heldOut(), progress);
        }
        try (ProgressLine progress = ProgressLine.start(spec.commandLine().getErr())) {
            fitted = fitter.fit(texts.fitted(), arena, resumption, progress);
        } catch (TextsTooLongException e) {
            throw new CliException("%s (--length)".formatted(e.getMessage()), e);
        }
        try (ProgressLine progress = ProgressLine.start(spec.commandLine().getErr())) {
            after = heldOut.divergence(fitted.lens(), texts.heldOut(), progress);
        }
        facts.putAll(facts(lens.loaded(), fitted, texts, input));
        facts.put(LensFacts.BEFORE, LensFacts.joined(before));
        facts.put(LensFacts.AFTER, LensFacts.joined(after));
        file.write(fitted.lens(), facts);
        PrintWriter out = spec.commandLine().getOut();
        LensTable.print(lens.openLens(file.word()), out);
        out.flush();
    }

    private static SortedMap<String, String> ofModel(LoadedModel loaded) {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("model", Models.nameOf(loaded.directory()));
        facts.put("unembed_sha256", Unembed.of(loaded.model()).sha256());
        facts.put("weights_header_sha256", loaded.weightsHeaderSha256());
        loaded.untrainedSeed().ifPresent(seed -> facts.put("untrained_seed", String.valueOf(seed)));
        if (!loaded.adapters().isEmpty()) {
            facts.put(
                    "adapters",
                    loaded.adapters().stream()
                            .map(adapter ->
                                    "%s × %s, %s"
                                            .formatted(
                                                    AdapterOptions.name(adapter),
                                                    adapter.scale(),
                                                    adapter.sha256()))
                            .collect(Collectors.joining("; ")));
        }
        return facts;
    }

    private SortedMap<String, String> facts(
            LoadedModel loaded, LensFit.Fitted fitted, LensTexts texts, BatchInput input) {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("data", String.join(", ", input.names()));
        facts.put("data_sha256", String.join(", ", input.identity()));
        facts.put("texts", String.valueOf(texts.fitted().size()));
        facts.put("texts_held_out", String.valueOf(texts.heldOut().size()));
        facts.put("texts_too_short", String.valueOf(texts.leftOut()));
        facts.put("positions", String.valueOf(fitted.rows()));
        facts.put("skipped_positions", String.valueOf(skipped()));
        facts.put("length", String.valueOf(given.length));
        facts.put("kernels", loaded.model().backend().name());
        facts.put("program", Build.version() + " " + Build.commit());
        switch (kind) {
            case RIDGE -> facts.put("lambda", String.valueOf(lambda));
            case TUNED -> facts.putAll(TunedOptions.facts(tuned.settings(skipped(), batch)));
            case MEAN, JACOBIAN -> {}
        }
        return facts;
    }
}
