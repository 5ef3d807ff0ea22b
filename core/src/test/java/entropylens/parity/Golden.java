package entropylens.parity;

import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.TensorFile;
import entropylens.family.LoadedModel;
import entropylens.kernels.Kernels;
import entropylens.kernels.MatMul;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/// A tiny random checkpoint and what transformers computed with it; made by tools/make_goldens.py.
final class Golden {
    /// Every golden in src/test/resources/goldens.
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

    final String name;
    final LoadedModel loaded;
    final TensorFile expected;
    final int[] inputIds;
    final int[] greedyIds;

    Golden(String name, Kernels kernels) {
        this.name = name;
        Path directory = directory(name);
        MatMul matMul = new MatMul(kernels, new WorkerPool(1));
        loaded = LoadedModel.load(directory, Arena.ofAuto(), matMul);
        expected = TensorFile.open(directory.resolve("golden.safetensors"), Arena.ofAuto());
        ConfigJson manifest = ConfigJson.read(directory.resolve("golden.json"));
        inputIds = manifest.ints("input_ids");
        greedyIds = manifest.ints("greedy_ids");
    }

    static Path directory(String name) {
        return Path.of("src/test/resources/goldens", name);
    }

    int layers() {
        return loaded.model().config().nLayers();
    }

    int dModel() {
        return loaded.model().config().dModel();
    }
}
