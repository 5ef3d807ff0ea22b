package entropylens.model;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.kernels.Kernels;
import entropylens.kernels.MatMul;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The tiny checkpoints of the goldens, as models to run.
final class TestModels {
    static final List<String> NAMES =
            List.of(
                    "llama-gqa-tied",
                    "llama-biased-untied",
                    "llama3-rope",
                    "llama-sharded-bf16",
                    "llama-f16",
                    "mistral-window",
                    "gpt2-base",
                    "gpt2-options");

    private TestModels() {}

    static Model load(String name, int threads) {
        return load(name, Kernels.best(), threads);
    }

    static Model load(String name, Kernels kernels, int threads) {
        return LoadedModel.load(
                        directory(name),
                        Arena.ofAuto(),
                        new MatMul(kernels, new WorkerPool(threads)))
                .model();
    }

    static Path directory(String name) {
        return Path.of("src/test/resources/goldens", name);
    }

    /// The golden's prompt and what follows it greedily: real enough a text for the model.
    static int[] tokens(String name) {
        ConfigJson json = ConfigJson.read(directory(name).resolve("golden.json"));
        return IntStream.concat(
                        IntStream.of(json.ints("input_ids")), IntStream.of(json.ints("greedy_ids")))
                .toArray();
    }

    static int[] part(int[] tokens, int from, int to) {
        return java.util.Arrays.copyOfRange(tokens, from, to);
    }

    static Stream<String> names() {
        return NAMES.stream();
    }

    /// Feeds one session by itself.
    static float[] feed(Model model, Session session, int... tokens) {
        Batch batch = new Batch();
        batch.add(session, tokens);
        return model.forward(batch);
    }
}
