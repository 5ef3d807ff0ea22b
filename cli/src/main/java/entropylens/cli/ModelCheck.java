package entropylens.cli;

import com.sun.management.OperatingSystemMXBean;
import entropylens.EntropyLens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.FileChangedException;
import entropylens.family.Features;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.family.Survey;
import entropylens.gguf.GgufModel;
import entropylens.gguf.GgufSummary;
import entropylens.kernels.Device;
import entropylens.kernels.DeviceException;
import entropylens.kernels.DeviceProvider;
import entropylens.kernels.Kernels;
import entropylens.lens.MemoryPlan;
import entropylens.lens.SelfCheck;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What `models --check` found out about a checkpoint.
///
/// @param readAs the family that was asked for
/// @param gguf what the file says, where the model is in GGUF
/// @param files of the directory, with their sizes; of a model in GGUF, its parts
/// @param loaded what was loaded, if it could be; its weights are no longer mapped
/// @param features in words
/// @param tokenizerSize one more than the highest id of the tokenizer, where there is one
/// @param noText why the vocabulary of a GGUF file is not read, whose model can be used all the
///   same
/// @param devices what is there beside the processor, or why nothing is
/// @param problems why the checkpoint cannot be used; empty where it can
record ModelCheck(
        Path directory,
        Survey survey,
        Optional<String> readAs,
        Optional<GgufSummary> gguf,
        SortedMap<String, Long> files,
        Optional<LoadedModel> loaded,
        List<String> features,
        Optional<Memory> memory,
        OptionalInt tokenizerSize,
        Optional<String> noText,
        Optional<SelfCheck.Result> selfCheck,
        List<String> devices,
        List<String> problems,
        String kernels,
        int threads) {

    /// What a run needs and what there is, in bytes.
    ///
    /// @param heapLimit that the JVM may use
    /// @param machine memory that the machine (or container) has
    record Memory(MemoryPlan plan, long heapLimit, long machine) {
        static Memory of(MemoryPlan plan) {
            long machine =
                    ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                            ? os.getTotalMemorySize()
                            : 0;
            return new Memory(plan, Runtime.getRuntime().maxMemory(), machine);
        }

        boolean fits() {
            return plan.total() <= heapLimit;
        }
    }

    /// What is asked for.
    ///
    /// @param context positions of a text; if not given, those of the model, at most
    ///   [#MAX_BY_DEFAULT]
    /// @param batch texts at a time
    record Request(OptionalInt context, int batch, LoadOptions options) {
        static final int MAX_BY_DEFAULT = 2048;

        /// @throws CliException when the model's context is shorter
        int context(int nCtx) {
            if (context.isPresent() && context.getAsInt() > nCtx) {
                throw new CliException(
                        "--context is %d, but the model's context is %d"
                                .formatted(context.getAsInt(), nCtx));
            }
            return context.orElse(Math.min(nCtx, MAX_BY_DEFAULT));
        }
    }

    boolean passed() {
        return problems.isEmpty();
    }

    /// Sizes by name: the family's, or else those that the files name.
    Map<String, Integer> sizes() {
        return survey.sizes().isEmpty()
                ? gguf.map(GgufSummary::sizes).orElse(Map.of())
                : survey.sizes();
    }

    /// What is unusual about the checkpoint, and harmless.
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        noText.ifPresent(notes::add);
        if (loaded.isEmpty()) {
            return notes;
        }
        notes.addAll(LoadingOptions.notes(loaded.get()));
        int dVocab = loaded.get().model().config().dVocab();
        if (tokenizerSize.isPresent() && tokenizerSize.getAsInt() > dVocab) {
            notes.add(
                    "the tokenizer has ids up to %,d, but the model's vocabulary ends at %,d: a text with a token beyond it is refused"
                            .formatted(tokenizerSize.getAsInt() - 1, dVocab - 1));
        }
        return notes;
    }

    static ModelCheck run(Path directory, Request request, int threads, Device device) {
        Survey survey = Survey.of(directory, request.options());
        Optional<Memory> memory =
                survey.config()
                        .map(config ->
                                Memory.of(
                                        MemoryPlan.of(
                                                config,
                                                request.batch(),
                                                request.context(config.nCtx()))));
        List<String> problems = new ArrayList<>();
        Optional<GgufSummary> gguf = gguf(directory);
        // without its vocabulary, a file has its numbers all the same
        List<String> noText = gguf.isPresent() ? new ArrayList<>() : problems;
        Optional<ModelText> text = attempt(() -> new ModelText(directory), noText);
        List<String> features = List.of();
        Optional<SelfCheck.Result> selfCheck = Optional.empty();
        Optional<EntropyLens> opened =
                attempt(
                        () -> EntropyLens.open(directory, request.options(), threads, device),
                        problems);
        if (opened.isPresent()) {
            try (EntropyLens lens = opened.get()) {
                features = Features.of(lens.model());
                selfCheck = attempt(() -> selfCheck(lens, text), problems);
                selfCheck.ifPresent(result -> problems.addAll(result.failures()));
            }
        }
        return new ModelCheck(
                directory,
                survey,
                request.options().family(),
                gguf,
                gguf.map(found -> files(found.files())).orElseGet(() -> files(directory)),
                opened.map(EntropyLens::loaded),
                features,
                memory,
                text.map(ModelText::size).orElse(OptionalInt.empty()),
                gguf.flatMap(_ -> noText.stream().findFirst()),
                selfCheck,
                Device.providers().stream()
                        .map(DeviceProvider::found)
                        .flatMap(List::stream)
                        .toList(),
                problems,
                // where the model could not be opened, those that would have run
                opened.map(EntropyLens::kernels).orElseGet(() -> Kernels.best().name()),
                threads);
    }

    /// A file that is damaged, or several models, is a problem of whoever opens it.
    private static Optional<GgufSummary> gguf(Path path) {
        try {
            return GgufModel.find(path).map(GgufSummary::of);
        } catch (CheckpointException _) {
            return Optional.empty();
        }
    }

    /// What comes of a step, or nothing and one problem more.
    private static <T> Optional<T> attempt(Supplier<? extends T> step, List<String> problems) {
        try {
            return Optional.of(step.get());
        } catch (CheckpointException
                | FileChangedException
                | CliException
                | DeviceException
                | IllegalStateException e) {
            problems.add(Failures.message(e));
            return Optional.empty();
        }
    }

    private static SelfCheck.Result selfCheck(EntropyLens lens, Optional<ModelText> text) {
        // before training, English is as unlikely as anything
        if (lens.loaded().untrainedSeed().isPresent()
                || text.isEmpty()
                || text.get().size().isEmpty()) {
            return lens.selfCheck();
        }
        int[] ids = text.get().encode(SelfCheck.LINE);
        int dVocab = lens.model().config().dVocab();
        for (int id : ids) {
            if (id >= dVocab) {
                throw new CliException(
                        "the tokenizer makes token %d of a line of English, but the model's vocabulary is 0..%d; are both of the same model?"
                                .formatted(id, dVocab - 1));
            }
        }
        return lens.selfCheck(ids);
    }

    private static SortedMap<String, Long> files(Path directory) {
        if (Files.isRegularFile(directory)) {
            return files(List.of(directory));
        }
        try (Stream<Path> all = Files.list(directory)) {
            return files(all.filter(Files::isRegularFile).toList());
        } catch (IOException e) {
            throw new CliException(
                    "cannot list %s: %s".formatted(directory, Failures.reason(e)), e);
        }
    }

    private static SortedMap<String, Long> files(List<Path> paths) {
        SortedMap<String, Long> files = new TreeMap<>();
        for (Path file : paths) {
            try {
                files.put(String.valueOf(file.getFileName()), Files.size(file));
            } catch (IOException e) {
                throw new CliException("cannot read %s: %s".formatted(file, Failures.reason(e)), e);
            }
        }
        return files;
    }
}
