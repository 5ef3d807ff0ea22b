package entropylens.cuda;

import entropylens.cuda.driver.Gpu;
import entropylens.hook.Intervention;
import entropylens.kernels.Precision;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.TextProfile;
import entropylens.lens.Unembed;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.RunListener;
import entropylens.model.Runner;
import entropylens.model.Sampling;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Profiles of many prompts on a random model of the shape of a published one, and decoding of one
/// text. `tools/gpu_peer.py` does the same with transformers.
final class ShapeTiming {
    private static final int TEXTS = 256;
    private static final int LENGTH = 64;
    private static final int SHORT = 16;
    private static final int DECODED = 128;
    private static final int ROUNDS = 2;

    private final CheckLog log;
    private final String name;
    private final RandomLlama shape;
    private final int texts;

    ShapeTiming(CheckLog log, String name) {
        this.log = log;
        this.name = name;
        this.shape = RandomLlama.named(name);
        this.texts = shape.equals(RandomLlama.TINY) ? 8 : TEXTS;
    }

    void run() {
        time(Precision.BFLOAT16);
        if (!shape.equals(RandomLlama.OF_8B)) {
            time(Precision.FLOAT32);
        }
    }

    private void time(Precision precision) {
        WorkerPool pool = new WorkerPool(Runtime.getRuntime().availableProcessors());
        try (CudaBackend backend = new CudaBackend(Gpu.open(0), precision, pool);
                Arena arena = Arena.ofShared()) {
            long start = System.nanoTime();
            Model model = shape.on(backend, arena);
            backend.gpu().synchronize();
            log.found(
                    "shape " + name,
                    "kernels",
                    backend.name(),
                    "model_seconds",
                    GpuCheck.seconds(start));
            generated(backend, model, 8, 4);
            decode(backend, model);
            for (int round = 0; round < ROUNDS; round++) {
                prompts(backend, model);
                generated(backend, model, texts, LENGTH);
            }
        } catch (RuntimeException | Error e) {
            log.failed("shape " + name, precision.word(), e);
        }
    }

    private List<int[]> texts(int count, int length) {
        SplittableRandom random = new SplittableRandom(7);
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(random.ints(length, 0, shape.dVocab()).toArray());
        }
        return texts;
    }

    /// Every position of every prompt, every layer.
    private void prompts(CudaBackend backend, Model model) {
        ProfileRequest request = new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY);
        measured(
                "prompts of " + LENGTH + " tokens",
                backend,
                model,
                texts(texts, LENGTH),
                request,
                LENGTH);
    }

    /// Tokens that are generated, every layer of each.
    private void generated(CudaBackend backend, Model model, int count, int tokens) {
        ProfileRequest request =
                new ProfileRequest(
                        new Positions.Generated(tokens, Sampling.GREEDY, Set.of()),
                        ReadoutRequest.ENTROPY);
        measured(
                tokens + " tokens generated after " + SHORT,
                backend,
                model,
                texts(count, SHORT),
                request,
                tokens);
    }

    private void measured(
            String what,
            CudaBackend backend,
            Model model,
            List<int[]> ids,
            ProfileRequest request,
            int positions) {
        long start = System.nanoTime();
        List<TextProfile> profiles =
                new Profiler(model).profile(ids, request, ids.size(), Progress.NONE);
        double seconds = (System.nanoTime() - start) * 1e-9;
        double[] mean = profiles.getLast().meanByLayer();
        log.found(
                "shape " + name,
                "what",
                what,
                "kernels",
                backend.name(),
                "texts",
                ids.size(),
                "seconds",
                seconds,
                "texts_per_minute",
                60 * ids.size() / seconds,
                "readouts_per_second",
                (double) ids.size() * positions * shape.layers() / seconds,
                "last_entropy",
                mean[mean.length - 1],
                "used_bytes",
                backend.gpu().totalBytes() - backend.gpu().freeBytes());
    }

    /// One text, nothing read out but the logits to choose from.
    private void decode(CudaBackend backend, Model model) {
        for (int round = 0; round < ROUNDS; round++) {
            int[] prompt = texts(1, SHORT).getFirst();
            Run run =
                    new Run(
                            prompt,
                            DECODED,
                            Sampling.GREEDY,
                            0,
                            Set.of(),
                            Intervention.NONE,
                            prompt.length - 1);
            long start = System.nanoTime();
            new Runner(model, 1, 256, Unembed.of(model)::logits)
                    .run(
                            List.of(run),
                            new RunListener() {
                                @Override
                                public boolean wantsRows() {
                                    return false;
                                }
                            },
                            Progress.NONE);
            double seconds = (System.nanoTime() - start) * 1e-9;
            log.found(
                    "shape " + name,
                    "what",
                    "one text decoded",
                    "kernels",
                    backend.name(),
                    "tokens",
                    DECODED,
                    "tokens_per_second",
                    DECODED / seconds);
        }
    }
}
