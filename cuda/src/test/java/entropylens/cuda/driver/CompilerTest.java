package entropylens.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.cuda.Emulation;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// NVIDIA's own compiler needs no GPU, so where it is installed the kernels are compiled for real.
class CompilerTest {
    private static final int NEWEST = 13_000;

    private static Compiler compiler() {
        try {
            // not the emulation's, which another test may have chosen
            return Emulation.isUsed()
                    ? Compiler.open(LibraryFinder.of(null, System.getenv(), Path.of("/")), NEWEST)
                    : Compiler.withoutGpu(NEWEST);
        } catch (CudaException e) {
            Assumptions.abort("no libnvrtc: " + e.getMessage());
            throw e;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sm_75", "sm_80", "sm_90", "sm_120"})
    void conversionsCompileToMachineCode(String architecture) {
        String source = Conversions.source(Conversions.class, "convert.cu");
        byte[] code = compiler().cubin("convert.cu", source, architecture);
        // ELF
        assertThat(code).startsWith(0x7f, 'E', 'L', 'F');
    }

    @ParameterizedTest
    @ValueSource(strings = "sm_90")
    void aMistakeIsSaidWithItsLine(String architecture) {
        Compiler compiler = compiler();
        assertThatThrownBy(() ->
                        compiler.cubin(
                                "wrong.cu",
                                "extern \"C\" __global__ void f(int* a) {\n  *b = 1;\n}",
                                architecture))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("wrong.cu does not compile for sm_90")
                .hasMessageContaining("wrong.cu(2)");
    }
}
