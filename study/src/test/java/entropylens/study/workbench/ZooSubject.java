package entropylens.study.workbench;

import entropylens.family.LoadedModel;
import entropylens.kernels.Kernels;
import entropylens.kernels.MatMul;
import entropylens.kernels.WorkerPool;
import entropylens.tokenizer.Tokenizers;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.OptionalLong;

/// The smallest model of the zoo, loaded.
public final class ZooSubject implements AutoCloseable {
    private static final Path DIRECTORY = Path.of("../zoo/models/tinytown-llama-4");

    private final Arena arena = Arena.ofShared();
    private final WorkerPool pool = new WorkerPool(2);
    public final Subject subject;

    public ZooSubject() {
        MatMul matMul = new MatMul(Kernels.best(), pool);
        subject =
                new Subject(
                        "small",
                        LoadedModel.load(DIRECTORY, arena, matMul),
                        Tokenizers.open(DIRECTORY),
                        OptionalLong.empty(),
                        true);
    }

    @Override
    public void close() {
        pool.close();
        arena.close();
    }
}
