package entropylens.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where NVIDIA's libraries are found, and what is said where they are not.
class LibraryFinderTest {
    @TempDir Path root;

    private Path file(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    private LibraryFinder finder(Map<String, String> environment) {
        return LibraryFinder.of(null, environment, root);
    }

    @Test
    void theToolkitsOfThisMachineAreFoundNewestFirst() throws IOException {
        Path older = file("usr/local/cuda-12.4/lib64/libnvrtc.so.12");
        Path newer = file("usr/local/cuda-12.8/lib64/libnvrtc.so.12");
        assertThat(finder(Map.of()).candidates(List.of("libnvrtc.so.13", "libnvrtc.so.12")))
                .containsExactly(newer, older);
    }

    @Test
    void thePackagesOfPipAreFoundBesideThePythonOnThePath() throws IOException {
        Path python = file("venv/bin/python3");
        assertThat(python.toFile().setExecutable(true)).isTrue();
        Path library = file("venv/lib/python3.12/site-packages/nvidia/cu13/lib/libcublasLt.so.13");
        String path = "/nowhere:" + root.resolve("venv/bin");
        assertThat(finder(Map.of("PATH", path)).candidates(List.of("libcublasLt.so.13")))
                .containsExactly(library);
    }

    @Test
    void variablesComeBeforeThePlacesOfTheSystem() throws IOException {
        Path system = file("usr/local/cuda/lib64/libnvrtc.so.13");
        Path conda = file("conda/lib/libnvrtc.so.13");
        Path home = file("toolkit/lib64/libnvrtc.so.13");
        Path loader = file("here/libnvrtc.so.13");
        Map<String, String> environment =
                Map.of(
                        "LD_LIBRARY_PATH",
                        root.resolve("here").toString(),
                        "CUDA_HOME",
                        root.resolve("toolkit").toString(),
                        "CONDA_PREFIX",
                        root.resolve("conda").toString());
        assertThat(finder(environment).candidates(List.of("libnvrtc.so.13")))
                .containsExactly(loader, home, conda, system);
    }

    @Test
    void aFolderThatIsGivenIsTheOnlyOne() throws IOException {
        file("usr/local/cuda/lib64/libnvrtc.so.13");
        LibraryFinder finder = LibraryFinder.of(root.resolve("empty").toString(), Map.of(), root);
        assertThat(finder.asksTheSystem()).isFalse();
        assertThat(finder.candidates(List.of("libnvrtc.so.13"))).isEmpty();
    }

    @Test
    void aMachineWithoutADriverIsToldWhatToInstall() {
        LibraryFinder finder = LibraryFinder.of(root.toString(), Map.of(), root);
        assertThatThrownBy(() -> DriverFunctions.open(finder))
                .isInstanceOf(CudaException.class)
                .hasMessage(
                        "no libcuda.so.1 was found, so there is no NVIDIA driver here; install the driver of your GPU (in a container, let it see the GPU), or run on the processor. Looked in: -Dentropylens.cuda.libraries=%s",
                        root);
    }

    @Test
    void aMissingCompilerIsToldByItsPackage() {
        LibraryFinder finder = LibraryFinder.of(root.toString(), Map.of(), root);
        assertThatThrownBy(() -> Compiler.open(finder, 13_000))
                .hasMessageStartingWith(
                        "libnvrtc of CUDA 13 was not found; 'pip install nvidia-cuda-nvrtc' brings it, or the CUDA toolkit, or PyTorch with CUDA.");
        assertThatThrownBy(() -> Compiler.open(finder, 12_040))
                .hasMessageContaining("'pip install nvidia-cuda-nvrtc-cu12'");
    }

    @Test
    void aFileThatIsNoLibraryIsNamed() throws IOException {
        Path broken = file("libcuda.so.1");
        LibraryFinder finder = LibraryFinder.of(root.toString(), Map.of(), root);
        assertThatThrownBy(() -> DriverFunctions.open(finder))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("no library could be opened of " + broken);
    }
}
