package entropylens.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// NVIDIA's nvcc, where it is installed, makes machine code of every kernel, and none keeps
/// registers in memory: that would be slow.
class KernelsAssembleTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"rows", "attention", "prefill", "readout"})
    void kernelsAssembleWithoutSpills(String name) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Emulation.isInstalled("nvcc"), "no nvcc on the PATH, so kernels are not assembled");
        Path source = Files.writeString(folder.resolve(name + ".cu"), KernelSources.of(name));
        Process nvcc =
                new ProcessBuilder(
                                "nvcc",
                                "-std=c++17",
                                "-arch=sm_90",
                                "-cubin",
                                "-Xptxas",
                                "-v",
                                "-o",
                                folder.resolve("out.cubin").toString(),
                                source.toString())
                        .redirectErrorStream(true)
                        .start();
        String log = new String(nvcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(nvcc.waitFor()).as(log).isZero();
        assertThat(log.lines().filter(line -> line.contains("spill stores")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains(" 0 bytes spill stores"));
    }
}
