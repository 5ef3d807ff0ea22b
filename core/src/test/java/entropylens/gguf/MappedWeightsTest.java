package entropylens.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.family.LoadedModel;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Kernels;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.WorkerPool;
import entropylens.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a model takes beside its mapped file.
class MappedWeightsTest {
    private static final Path FOLDER = Path.of("src/test/resources/gguf");

    /// Counts what is allocated; what is mapped is not.
    private static final class CountingArena implements Arena {
        private final Arena arena = Arena.ofAuto();
        private long allocated;

        @Override
        public MemorySegment allocate(long bytes, long alignment) {
            allocated += bytes;
            return arena.allocate(bytes, alignment);
        }

        @Override
        public MemorySegment.Scope scope() {
            return arena.scope();
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }

    private static LoadedModel load(String name, Arena arena) {
        return LoadedModel.load(
                FOLDER.resolve(name + ".gguf"),
                arena,
                new CpuBackend(Kernels.best(), new WorkerPool(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "blocks-q4_0",
                "blocks-q5_1",
                "blocks-q8_0",
                "bloom",
                "falcon",
                "gemma4",
                "gemma4-moe",
                "glm4",
                "glm4moe",
                "gpt2",
                "gptneox",
                "gptoss",
                "granite",
                "lfm2",
                "llama",
                "mistral",
                "olmo",
                "phi2",
                "phi3",
                "qwen3",
                "qwen35",
                "starcoder2"
            })
    void noMatrixIsWrittenOut(String name) {
        CountingArena arena = new CountingArena();
        LoadedModel model = load(name, arena);
        // norms and biases of a block, widened
        long vectors = 200L * Float.BYTES * model.model().config().nLayers();
        assertThat(arena.allocated).isLessThan(vectors).isLessThan(model.weightBytes() / 4);
    }

    @Test
    void blocksAreReadWhereTheyLieByTheEmbeddingAndTheReadoutToo() {
        LoadedModel model = load("blocks-q8_0", Arena.ofAuto());
        Weights weights = model.model().weights();
        assertThat(weights.embedding().tokens())
                .isInstanceOfSatisfying(
                        CodedMatrix.class,
                        matrix -> {
                            assertThat(matrix.storedAs()).isEqualTo("Q8_0");
                            assertThat(matrix.bytes()).isEqualTo(29 * 34);
                        });
        assertThat(weights.readout().unembed()).isSameAs(weights.embedding().tokens());
        assertThat(query(model)).isInstanceOf(CodedMatrix.class);
    }

    @Test
    void rowsInAnotherOrderAreReadInOrder() {
        LoadedModel model = load("llama", Arena.ofAuto());
        assertThat(query(model))
                .isInstanceOfSatisfying(
                        CodedMatrix.class,
                        matrix -> assertThat(matrix.storedAs()).isEqualTo("F32"));
        assertThat(model.model().weights().readout().unembed()).isInstanceOf(DenseMatrix.class);
    }

    private static Matrix query(LoadedModel model) {
        Weights.Attention attention =
                model.model().weights().blocks().getFirst().attention().orElseThrow();
        Weights.Separate separate = (Weights.Separate) attention.projections();
        return ((Linear) separate.query()).matrix();
    }
}
