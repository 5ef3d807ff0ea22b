package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.kernels.Kernels;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

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
}
