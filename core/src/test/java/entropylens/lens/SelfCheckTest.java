package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Goldens;
import entropylens.Worst;
import entropylens.family.LoadedModel;
import entropylens.kernels.Kernels;
import entropylens.kernels.MatMul;
import entropylens.kernels.WorkerPool;
import entropylens.model.Model;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model that is whole passes; one that is damaged, or fed with another model's tokens, does not.
class SelfCheckTest {
    @TempDir Path folder;

    private static Model load(Path directory, Kernels kernels) {
        return LoadedModel.load(directory, Arena.ofAuto(), new MatMul(kernels, new WorkerPool(1)))
                .model();
    }

    private static Model load(Path directory) {
        return load(directory, Kernels.best());
    }

    @Test
    void everyGoldenPassesWithRoomToSpare() {
        Worst decoding = new Worst("decoding against one pass, of the largest");
        Worst batching = new Worst("beside another text, of the largest");
        for (String name : Goldens.NAMES) {
            for (Kernels kernels : List.of(Kernels.scalar(), Kernels.best())) {
                SelfCheck.Result result = SelfCheck.ofNoise(load(Goldens.directory(name), kernels));
                assertThat(result.failures()).as(name).isEmpty();
                assertThat(result.loss()).as("noise has no loss").isEmpty();
                String where = name + " " + kernels.name();
                decoding.see(result.decoding().orElseThrow(), () -> where);
                batching.see(result.batching().orElseThrow(), () -> where);
            }
        }
        decoding.requireWithin(SelfCheck.BOUND);
        batching.requireWithin(SelfCheck.BOUND);
    }
}
