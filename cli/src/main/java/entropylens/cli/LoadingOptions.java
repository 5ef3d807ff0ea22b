package entropylens.cli;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.Families;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.hub.Models;
import entropylens.kernels.Device;
import entropylens.kernels.Kernels;
import entropylens.kernels.Precision;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// How a model is read, and how many threads run it.
final class LoadingOptions {
    private static final int MAX_THREADS = 1024;

    private static final String VECTOR = "vector";

    /// The kind of [entropylens.kernels.DeviceProvider] that it is found by.
    private static final String ONEDNN = "onednn";

    /// Of a file that contradicts its configuration.
    private static final String UNTIED =
            "config.json ties the unembedding to the embedding, but the weights hold another one, which is used, as in transformers";

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli fills it
    CommandSpec spec;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compute (default: one per processor).")
    @Nullable Integer threads;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description =
                    "Where the model runs: cpu, cuda for the first NVIDIA GPU, cuda:1 for the second … (default: ${DEFAULT-VALUE}). docs/gpu.md says what a GPU needs.")
    String device = "cpu";

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "vector",
            description =
                    "What multiplies on the processor: vector, Java's own vectors in float32, or onednn, a native library, in bfloat16 (default: ${DEFAULT-VALUE}). Recorded in the result. docs/performance.md says what onednn needs.")
    String backend = VECTOR;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description =
                    "What a GPU rounds weights and activations to when it multiplies them: float32, tf32, bfloat16 or float16 (default: float32). Recorded in the result.")
    @Nullable String precision;

    @Option(
            names = "--as",
            paramLabel = "FAMILY",
            description =
                    "Read the checkpoint as this family, whatever architecture config.json names: llama, qwen2, gpt2 …; recorded in the result.")
    @Nullable String family;

    @Option(
            names = "--ignore-config-key",
            paramLabel = "KEY",
            description =
                    "Load although this key of config.json is not understood; recorded in the result. Repeatable.")
    List<String> ignoredKeys = new ArrayList<>();

    /// @throws ParameterException when there is no such family
    LoadOptions options() {
        if (family != null && !Families.names().contains(family)) {
            throw wrong(
                    "--as: there is no family '%s'; there are %s"
                            .formatted(family, String.join(", ", Families.names())));
        }
        return new LoadOptions(Optional.ofNullable(family), Set.copyOf(ignoredKeys));
    }

    /// @throws ParameterException when the number makes no sense
    int threads() {
        if (threads == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw wrong(
                    "--threads must be at %s, but is %d"
                            .formatted(threads < 1 ? "least 1" : "most " + MAX_THREADS, threads));
        }
        return threads;
    }

    /// Holds the statistics of studies to as many threads as well. They use the pool that every JVM
    /// has, which asks once.
    ///
    /// @throws ParameterException when the number makes no sense
    void boundStatistics() {
        if (threads != null) {
            System.setProperty(
                    "java.util.concurrent.ForkJoinPool.common.parallelism",
                    String.valueOf(threads() - 1));
        }
    }

    /// @throws ParameterException when there is no such device, backend or precision, or they do
    ///   not go together
    Device device() {
        if (!backend.equals(VECTOR) && !backend.equals(ONEDNN)) {
            throw wrong("--backend is vector or onednn, not '%s'".formatted(backend));
        }
        if (device.equals(ONEDNN)) {
            throw wrong("--device: oneDNN runs on the processor; ask for it by --backend onednn");
        }
        return backend.equals(ONEDNN) ? nativeProducts() : deviceOfItsOwn();
    }

    /// The processor, with a library's products.
    private Device nativeProducts() {
        if (!device.equals(Device.CPU.kind())) {
            throw wrong(
                    "--backend onednn runs on the processor, and --device %s does not"
                            .formatted(device));
        }
        if (precision != null && !precision.equals(Precision.BFLOAT16.word())) {
            throw wrong(
                    "--backend onednn multiplies in bfloat16; --precision %s does not go with it"
                            .formatted(precision));
        }
        return new Device(ONEDNN, 0, Precision.BFLOAT16);
    }

    private Device deviceOfItsOwn() {
        Precision wanted =
                Precision.named(precision == null ? Precision.FLOAT32.word() : precision)
                        .orElseThrow(() ->
                                wrong(
                                        "--precision is one of %s, not '%s'"
                                                .formatted(Precision.words(), precision)));
        if (precision != null && device.equals(Device.CPU.kind())) {
            throw wrong(
                    "--precision goes with --device cuda; the processor computes in float32, or with --backend onednn in bfloat16");
        }
        try {
            return Device.of(device, wanted);
        } catch (IllegalArgumentException e) {
            throw wrong("--device: " + e.getMessage());
        }
    }

    /// `untrained, seed 7`, where the weights are not those of the checkpoint.
    static Optional<String> untrained(LoadedModel loaded) {
        return loaded.untrainedSeed().isPresent()
                ? Optional.of("untrained, seed " + loaded.untrainedSeed().getAsLong())
                : Optional.empty();
    }

    /// Says what is not as config.json says, and what of it is not read.
    static void note(LoadedModel loaded, PrintWriter err) {
        note(loaded, "", err);
    }

    /// The same, of one model among several.
    static void noteNamed(LoadedModel loaded, PrintWriter err) {
        note(loaded, Models.nameOf(loaded.directory()) + ": ", err);
    }

    private static void note(LoadedModel loaded, String of, PrintWriter err) {
        List<String> notes = new ArrayList<>();
        otherFamily(loaded).ifPresent(notes::add);
        notes.addAll(notes(loaded));
        notes.forEach(note -> err.println(Failures.oneLine("entropy-lens: " + of + note)));
    }

    /// What is unusual about a model, and harmless.
    static List<String> notes(LoadedModel loaded) {
        List<String> notes = new ArrayList<>();
        loaded.model().backend().note().ifPresent(notes::add);
        if (loaded.untiedByFile()) {
            notes.add(UNTIED);
        }
        if (!loaded.inertConfigKeys().isEmpty()) {
            notes.add(inert(loaded));
        }
        if (loaded.tensorsLeftOut() > 0) {
            notes.add(leftOut(loaded));
        }
        return notes;
    }

    /// Which tensors take no part.
    private static String leftOut(LoadedModel loaded) {
        return "%,d tensors belong to blocks behind the last that predict tokens further ahead (multi-token prediction); they are left out, as in transformers"
                .formatted(loaded.tensorsLeftOut());
    }

    /// Which keys transformers does not read.
    private static String inert(LoadedModel loaded) {
        return "config.json has keys that transformers does not read in this architecture, nor does this program: "
                + ConfigJson.shown(loaded.inertConfigKeys());
    }

    /// Where a model of one family is read as another.
    static Optional<String> otherFamily(LoadedModel loaded) {
        String read = loaded.model().config().family();
        return Families.nameOf(loaded.architectures())
                .filter(named -> !named.equals(read))
                .map(named ->
                        "config.json names %s, which is of the family %s; it is read as %s on request"
                                .formatted(String.join(", ", loaded.architectures()), named, read));
    }

    /// Says so where the JVM was started without the module that the fast kernels need: the numbers
    /// are as right, and come much later. GPT-2 small's shape in bf16 with all 12 layers read out,
    /// on two busy cores: 1.5 s a token, against 0.07 to 0.13.
    static void noteSlowKernels(Kernels kernels, PrintWriter err) {
        if (kernels.lanes() == 1) {
            err.println(
                    "entropy-lens: this JVM has no vector module, so the scalar kernels compute, about 20 times slower; start it with --add-modules jdk.incubator.vector, as the script entropy-lens does");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
