package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.kernels.DeviceException;
import entropylens.kernels.Kernels;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadingOptionsTest {
    private static String said(Kernels kernels) {
        StringWriter err = new StringWriter();
        LoadingOptions.noteSlowKernels(kernels, new PrintWriter(err));
        return err.toString();
    }

    @Test
    void slowKernelsAreSaidInOneLine() {
        assertThat(said(Kernels.scalar()).lines())
                .singleElement()
                .asString()
                .contains("scalar", "times slower", "--add-modules jdk.incubator.vector");
    }

    @Test
    void ofFastKernelsNothingIsSaid() {
        assertThat(said(Kernels.best())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "cpu:1", "cuda:", "CUDA"})
    void ofADeviceThatThereIsNotThoseThatThereAreAreNamed(String device) {
        Cli cli = Cli.profile(TestModel.PLAIN, "Once --device " + device).failed(2);
        assertThat(cli.err())
                .contains(
                        "--device: there is no device '%s'; there are cpu, cuda, cuda:N"
                                .formatted(device));
    }

    @Test
    void aFailedDeviceIsNoReasonForASmallerBatch() {
        assertThat(Failures.message(new DeviceException("no GPU")))
                .isEqualTo("no GPU; without --device and --backend, all runs on the processor");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--backend blas | --backend is vector or onednn, not 'blas'",
                "--device onednn | ask for it by --backend onednn",
                "--backend onednn --device cuda | --backend onednn runs on the processor",
                "--backend onednn --precision float32 | --backend onednn multiplies in bfloat16",
                "--precision bfloat16 | or with --backend onednn in bfloat16",
            })
    void whatDoesNotGoTogetherIsRefused(String options, String message) {
        List<String> words = new ArrayList<>(List.of("profile", "Hello"));
        words.addAll(List.of(options.split(" ")));
        Cli result = Cli.run(words.toArray(String[]::new));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(message);
    }

    @Test
    void aBackendWhoseLibraryIsNotHereSaysHowToGetIt() {
        System.setProperty("entropylens.onednn.library", "/no/such/libdnnl.so.3");
        try {
            Cli result = Cli.run("profile", "Hello", "--backend", "onednn");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err())
                    .contains("/no/such/libdnnl.so.3", "without --device and --backend");
        } finally {
            System.clearProperty("entropylens.onednn.library");
        }
    }
}
