package entropylens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import entropylens.Goldens;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.SelfCheck;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Weights that are changed while a model reads them are found out, and the file is named. (Windows
/// does not let mapped files be cut off.)
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(60)
class MappedFilesTest {
    private static final String GOLDEN = "llama-gqa-tied";

    @TempDir Path directory;

    private Path weights;

    @BeforeEach
    void copy() throws IOException {
        weights = directory.resolve("model.safetensors");
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(
                    Goldens.directory(GOLDEN).resolve(name),
                    directory.resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    /// Loads the model, runs it while the files change, and says what it was.
    private Throwable changed(int threads, Kernels kernels, Change change) {
        try (Arena arena = Arena.ofShared();
                WorkerPool pool = new WorkerPool(threads)) {
            LoadedModel loaded = LoadedModel.load(directory, arena, new CpuBackend(kernels, pool));
            return catchThrowable(() ->
                    loaded.files()
                            .reading(() -> {
                                try {
                                    change.make();
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                                return SelfCheck.ofNoise(loaded.model());
                            }));
        }
    }

    private void cutOff(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 4096, 40_000, 100_000})
    void aFileThatIsCutOffIsNamed(int size) throws IOException {
        for (Kernels kernels : new Kernels[] {Kernels.scalar(), Kernels.best()}) {
            for (int threads : new int[] {1, 3}) {
                assertThat(changed(threads, kernels, () -> cutOff(size)))
                        .isInstanceOf(FileChangedException.class)
                        .hasMessageContaining(weights.toString())
                        .hasMessageContaining("has %,d".formatted(size));
                copy();
            }
        }
    }

    @Test
    void aFileThatIsWrittenOverIsNamed() {
        assertThat(
                        changed(
                                1,
                                Kernels.scalar(),
                                () -> {
                                    byte[] bytes = Files.readAllBytes(weights);
                                    bytes[bytes.length - 1] ^= 1;
                                    Files.write(weights, bytes);
                                    Files.setLastModifiedTime(weights, FileTime.fromMillis(1));
                                }))
                .isInstanceOf(FileChangedException.class)
                .hasMessageContaining(weights.toString())
                .hasMessageContaining("was written to");
    }

    @Test
    void anotherFileOfTheNameIsNoChange() {
        assertThat(
                        changed(
                                1,
                                Kernels.scalar(),
                                () -> {
                                    Path other =
                                            Files.write(directory.resolve("other"), new byte[9]);
                                    Files.move(other, weights, StandardCopyOption.REPLACE_EXISTING);
                                }))
                .isNull();
    }

    @Test
    void aDeletedFileIsNoChange() {
        assertThat(changed(1, Kernels.scalar(), () -> Files.delete(weights))).isNull();
    }

    @Test
    void anotherErrorOfTheJvmIsNotTakenForIt() {
        assertThatThrownBy(() ->
                        MappedFiles.NONE.reading(() -> {
                            throw new InternalError("something else");
                        }))
                .isInstanceOf(InternalError.class);
    }
}
