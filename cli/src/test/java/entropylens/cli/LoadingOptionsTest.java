package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.kernels.DeviceException;
import entropylens.kernels.Kernels;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                .isEqualTo("no GPU; --device cpu runs on the processor");
    }
}
