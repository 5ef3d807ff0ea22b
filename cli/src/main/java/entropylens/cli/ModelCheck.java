package entropylens.cli;

import com.sun.management.OperatingSystemMXBean;
import entropylens.EntropyLens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.FileChangedException;
import entropylens.family.Features;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.family.Survey;
import entropylens.kernels.Kernels;
import entropylens.lens.MemoryPlan;
import entropylens.lens.SelfCheck;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What `models --check` found out about a checkpoint.
///
/// @param readAs the family that was asked for
/// @param files of the directory, with their sizes
/// @param loaded what was loaded, if it could be; its weights are no longer mapped
/// @param features in words
/// @param tokenizerSize one more than the highest id of the tokenizer, where there is one
/// @param problems why the checkpoint cannot be used; empty where it can
record ModelCheck(
        Path directory,
        Survey survey,
        Optional<String> readAs,
        SortedMap<String, Long> files,
        Optional<LoadedModel> loaded,
        List<String> features,
        Optional<Memory> memory,
        OptionalInt tokenizerSize,
        Optional<SelfCheck.Result> selfCheck,
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

    /// What is unusual about the checkpoint, and harmless.
    List<String> notes() {
        if (loaded.isEmpty()) {
            return List.of();
        }
        List<String> notes = new ArrayList<>(LoadingOptions.notes(loaded.get()));
        int dVocab = loaded.get().model().config().dVocab();
        if (tokenizerSize.isPresent() && tokenizerSize.getAsInt() > dVocab) {
            notes.add(
                    "the tokenizer has ids up to %,d, but the model's vocabulary ends at %,d: a text with a token beyond it is refused"
                            .formatted(tokenizerSize.getAsInt() - 1, dVocab - 1));
        }
        return notes;
    }

    static ModelCheck run(Path directory, Request request, int threads) {
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
        Optional<ModelText> text = attempt(() -> new ModelText(directory), problems);
        List<String> features = List.of();
        Optional<SelfCheck.Result> selfCheck = Optional.empty();
        Optional<EntropyLens> opened =
                attempt(() -> EntropyLens.open(directory, request.options(), threads), problems);
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
                files(directory),
                opened.map(EntropyLens::loaded),
                features,
                memory,
                text.map(ModelText::size).orElse(OptionalInt.empty()),
                selfCheck,
                problems,
                // where the model could not be opened, those that would have run
                opened.map(EntropyLens::kernels).orElseGet(() -> Kernels.best().name()),
                threads);
    }

    /// What comes of a step, or nothing and one problem more.
    private static <T> Optional<T> attempt(Supplier<? extends T> step, List<String> problems) {
        try {
            return Optional.of(step.get());
        } catch (CheckpointException
                | FileChangedException
                | CliException
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
        SortedMap<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file.getFileName().toString(), Files.size(file));
            }
        } catch (IOException e) {
            throw new CliException(
                    "cannot list %s: %s".formatted(directory, Failures.reason(e)), e);
        }
        return files;
    }
}
