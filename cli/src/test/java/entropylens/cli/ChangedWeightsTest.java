package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The weights of a model are changed while a run reads them: the run ends and says so, keeps what
/// it had, and goes on once the file is back. (Windows does not let mapped files be cut off.)
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(240)
class ChangedWeightsTest {
    private static final int FAILED = 1;
    private static final Path MODEL = Path.of("../zoo/models/tinytown-llama-4");

    @TempDir Path folder;

    private Path weights;
    private Path run;

    @BeforeEach
    void copy() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        weights = model.resolve("model.safetensors");
        run = folder.resolve("run");
    }

    private Cli study(String... more) {
        String[] args = {
            "study",
            "strategies",
            "--model",
            weights.getParent().toString(),
            "--samples",
            "64",
            "--batch",
            "2",
            "-o",
            run.toString()
        };
        return Cli.run(
                Stream.of(List.of(args), List.of(more))
                        .flatMap(List::stream)
                        .toArray(String[]::new));
    }

    private void putBack() throws IOException {
        Files.copy(
                MODEL.resolve("model.safetensors"), weights, StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitUnits() throws Exception {
        Path log = run.resolve("run.duckdb.wal");
        while (!Files.exists(log) || Files.size(log) < 20_000) {
            Thread.sleep(2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {8192, 500_000})
    void aRunWhoseWeightsAreCutOffKeepsWhatItHasAndGoesOn(long size) throws Exception {
        CompletableFuture<Cli> study = CompletableFuture.supplyAsync(this::study);
        awaitUnits();
        try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
        Cli failed = study.get();
        assertThat(failed.code()).as(failed.err()).isEqualTo(FAILED);
        assertThat(failed.err().lines().toList())
                .last()
                .asString()
                .startsWith("entropy-lens: " + weights + ": changed while it was in use: it had ")
                .endsWith("what was measured before is kept, and --resume goes on from there");
        putBack();
        Cli whole = study("--resume");
        assertThat(whole.code()).as(whole.err()).isZero();
    }

    /// Same size, other weights: nothing faults, and all that follows would be another model's.
    @Test
    void aRunWhoseWeightsAreWrittenOverKeepsNothingOfTheOthers() throws Exception {
        CompletableFuture<Cli> study = CompletableFuture.supplyAsync(this::study);
        awaitUnits();
        byte[] other = Files.readAllBytes(weights);
        for (int i = other.length / 2; i < other.length; i += 2) {
            other[i] ^= 1;
        }
        Files.write(weights, other, StandardOpenOption.WRITE);
        Cli failed = study.get();
        assertThat(failed.code()).as(failed.err()).isEqualTo(FAILED);
        assertThat(failed.err()).contains(weights + ": changed while it was in use");
        Cli others = study("--resume");
        assertThat(others.code()).isEqualTo(FAILED);
        assertThat(others.err()).contains("the run is another one").contains("weights_sha256");
    }
}
