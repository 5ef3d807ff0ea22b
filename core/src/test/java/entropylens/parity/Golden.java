package entropylens.parity;

import entropylens.Goldens;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.TensorFile;
import entropylens.family.LoadedModel;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/// A tiny random checkpoint and what transformers computed with it; made by tools/make_goldens.py.
final class Golden {
    final String name;
    final LoadedModel loaded;
    final TensorFile expected;
    final int[] inputIds;
    final int[] greedyIds;

    Golden(String name, Kernels kernels) {
        this.name = name;
        Path directory = Goldens.directory(name);
        Backend backend = new CpuBackend(kernels, new WorkerPool(1));
        loaded = LoadedModel.load(directory, Arena.ofAuto(), backend);
        expected = TensorFile.open(directory.resolve("golden.safetensors"), Arena.ofAuto());
        ConfigJson manifest = ConfigJson.read(directory.resolve("golden.json"));
        inputIds = manifest.ints("input_ids");
        greedyIds = manifest.ints("greedy_ids");
    }

    int layers() {
        return loaded.model().config().nLayers();
    }

    int dModel() {
        return loaded.model().config().dModel();
    }
}
