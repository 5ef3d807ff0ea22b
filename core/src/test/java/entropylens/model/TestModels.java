package entropylens.model;

import entropylens.Goldens;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.util.stream.IntStream;

/// The tiny checkpoints of the goldens, as models to run.
final class TestModels {
    private TestModels() {}

    static Model load(String name, int threads) {
        return load(name, Kernels.best(), threads);
    }

    static Model load(String name, Kernels kernels, int threads) {
        return LoadedModel.load(
                        Goldens.directory(name),
                        Arena.ofAuto(),
                        new CpuBackend(kernels, new WorkerPool(threads)))
                .model();
    }

    /// The golden's prompt and what follows it greedily, or the prompt again where nothing does:
    /// real enough a text for the model.
    static int[] tokens(String name) {
        ConfigJson json = ConfigJson.read(Goldens.directory(name).resolve("golden.json"));
        int[] prompt = json.ints("input_ids");
        int[] greedy = json.ints("greedy_ids");
        int[] after = greedy.length == 0 ? prompt : greedy;
        return IntStream.concat(IntStream.of(prompt), IntStream.of(after))
                .limit(load(name, 1).config().nCtx())
                .toArray();
    }

    static int[] part(int[] tokens, int from, int to) {
        return java.util.Arrays.copyOfRange(tokens, from, to);
    }

    /// Feeds one session by itself.
    static float[] feed(Model model, Session session, int... tokens) {
        Batch batch = new Batch();
        batch.add(session, tokens);
        return model.forward(batch);
    }
}
