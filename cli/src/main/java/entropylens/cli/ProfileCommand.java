package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.hook.Patch;
import entropylens.kernels.Device;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import entropylens.model.Sampling;
import entropylens.result.ChatPrompt;
import entropylens.result.Patched;
import entropylens.result.ProfileResult;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
            "Layer l is the residual stream after block l (with --at, inside it), read out with the model's own final norm and unembedding (the logit lens; another with --lens). Entropy up from one layer to the next: the block expands the set of candidate tokens. Down: it prunes it.",
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
            "  entropy-lens profile --at resid_pre,resid_mid,resid_post \"Write a poem about the baker.\"",
            "  entropy-lens profile --model path/to/gpt2 --token-ids 50256 --temperature 0.7 --samples 16 \\",
            "      --format json -o gpt2.json --plot gpt2.png",
            "  entropy-lens profile --top-k 10 --stats kl,next --html baker.html \"Write a poem about the baker.\"",
            "  entropy-lens profile \"Lily has a red ball\" --patch-from \"Tom has a red ball\" --patch 3:0"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ProfileCommand implements Runnable {
    @Spec CommandSpec spec;

    @ParentCommand Main main;

    @Mixin ModelOptions model;

    @Mixin PromptOptions input;

    @Mixin ProfileChatOptions chat;

    @Mixin RunOptions how;

    @Mixin ScaleOption scale;

    @Mixin PatchOptions patch;

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

    @Mixin AtOption at;

    @Mixin LensOption through;

    @Mixin ReadoutOptions readout;

    @Mixin ProfileOutputs outputs;

    @Mixin LoadingOptions loading;

    @Mixin UntrainedOption untrained;

    @Mixin AdapterOptions adapters;

    @Override
    public void run() {
        requireSensible();
        Sampling sampling = how.sampling();
        ReadoutRequest statistics = readout.request();
        List<StreamPoint> points = at.points(how.embedding);
        adapters.refuseUntrained(untrained);
        LoadOptions options = untrained.of(loading.options().adapted(adapters.sources(main.hub())));
        int threads = loading.threads();
        Device device = loading.device();
        outputs.requireWritable();
        Path directory = model.one(main.hub());
        Optional<ChatPrompt> written =
                chat.prompt(directory, input::text, spec.commandLine().getErr());
        try (EntropyLens lens = EntropyLens.open(directory, options, threads, device)) {
            LoadedModel loaded = lens.loaded();
            LoadingOptions.note(loaded, spec.commandLine().getErr());
            LoadingOptions.noteSlowKernels(lens.model().kernels(), spec.commandLine().getErr());
            AdapterOptions.noteOtherBase(loaded, spec.commandLine().getErr());
            AtOption.requireIn(loaded.model().config(), points);
            ModelText text = ModelText.orIds(directory);
            Optional<Patched> patched =
                    patch.patched(loaded, other -> chat.encode(directory, other, text));
            ProfileRequest request =
                    through.through(
                            lens,
                            request(
                                            loaded,
                                            sampling,
                                            statistics,
                                            PatchOptions.rows(loaded, patched))
                                    .at(points));
            int[] ids =
                    written.map(prompt -> PromptOptions.ids(prompt, loaded, text))
                            .orElseGet(() -> input.ids(loaded, text));
            text.note()
                    .ifPresent(note ->
                            spec.commandLine()
                                    .getErr()
                                    .println(Failures.oneLine("entropy-lens: " + note)));
            requireWindowsDivide(how.ofPrompt() ? ids.length : request.positions().tokens());
            List<TextProfile> texts = measure(lens, ids, request);
            outputs.report(result(loaded, text, request, texts, threads, written, patched));
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
        patch.contradiction()
                .ifPresent(why -> {
                    throw wrong(why);
                });
        through.requireSensible();
        how.requireSensible(how.ofPrompt() ? "--positions prompt" : null);
        scale.on(how.intervention());
        how.requireAtLeast("--windows", windows, 1);
        if (!how.ofPrompt()) {
            requireWindowsDivide(how.tokens());
        }
        outputs.requireSensible();
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

    private ProfileRequest request(
            LoadedModel loaded, Sampling sampling, ReadoutRequest statistics, List<Patch> patches) {
        ReadoutOptions.requireFits(statistics, loaded.model());
        how.requireBlocksOf(loaded.model().config().nLayers());
        scale.requireIn(loaded.model().config());
        return new ProfileRequest(
                how.ofPrompt()
                        ? Positions.PROMPT
                        : new Positions.Generated(
                                how.tokens(),
                                sampling,
                                how.ignoreEos ? Set.of() : loaded.stopIds()),
                scale.on(how.intervention()).patched(patches),
                how.embedding,
                statistics);
    }

    private List<TextProfile> measure(EntropyLens lens, int[] ids, ProfileRequest request) {
        try (ProgressLine progress = ProgressLine.start(spec.commandLine().getErr())) {
            return lens.profile(
                    Collections.nCopies(how.samples, ids), request, how.batch, progress);
        } catch (IllegalArgumentException e) {
            if (request.intervention().patches().isEmpty()) {
                throw e;
            }
            throw new CliException("--patch: " + e.getMessage(), e);
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
            Optional<ChatPrompt> written,
            Optional<Patched> patched) {
        try {
            return new ProfileResult(
                    loaded,
                    text.tokens(),
                    request,
                    texts,
                    windows,
                    normalize,
                    threads,
                    written,
                    patched);
        } catch (IllegalArgumentException e) {
            throw new CliException(e.getMessage() + "; --ignore-eos generates all of them", e);
        }
    }
}
