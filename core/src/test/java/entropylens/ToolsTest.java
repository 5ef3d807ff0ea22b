package entropylens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The scripts of tools/ can start: tools/check_scripts.py says so. Python is not needed to build
/// or test anything else; where there is none, or an old one, this is skipped.
class ToolsTest {
    private static final Path TOOLS = Path.of("../tools");

    @TempDir Path folder;

    private record Run(int code, String said) {
        static Run of(String... command) throws IOException, InterruptedException {
            Process process =
                    new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Run(process.waitFor(), said);
        }
    }

    @BeforeAll
    static void requirePython() throws InterruptedException {
        String enough = "import sys; sys.exit(sys.version_info < (3, 11))";
        boolean there;
        try {
            there = Run.of("python3", "-c", enough).code() == 0;
        } catch (IOException e) {
            there = false;
        }
        assumeTrue(
                there, "there is no python3 of version 3.11 or later here; tools/ is not checked");
    }

    private static Run check(Path tools) throws IOException, InterruptedException {
        return Run.of(
                "python3",
                "-B",
                TOOLS.resolve("check_scripts.py").toString(),
                "--folder",
                tools.toString());
    }

    @Test
    void everyScriptCanStart() throws Exception {
        Run run = check(TOOLS);
        System.out.print(run.said());
        assertThat(run.code()).as(run.said()).isZero();
        assertThat(run.said()).contains("files, 0 problems");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    from residual_stream import second     | imports second from residual_stream, which has no such name
                    import residual_stream; residual_stream.second() | uses residual_stream.second, which is not there
                    def f(): return secnod                 | f uses secnod, which is not defined
                    print(secnod)                          | uses secnod, which is not defined
                    def f(:                                | bench_peers.py:1: invalid syntax
                    """)
    void whatKeepsAScriptFromStartingIsNamed(String source, String said) throws Exception {
        Files.copy(TOOLS.resolve("residual_stream.py"), folder.resolve("residual_stream.py"));
        Files.writeString(folder.resolve("bench_peers.py"), source + "\n");
        assertThat(check(folder).said()).contains(said);
        assertThat(check(folder).code()).isOne();
    }

    @Test
    void aScriptWhoseHelpFailsIsNamed() throws Exception {
        Files.writeString(
                folder.resolve("script.py"),
                "if __name__ == '__main__':\n    raise SystemExit(3)\n");
        Run run = check(folder);
        assertThat(run.code()).isOne();
        assertThat(run.said()).contains("script.py: --help ends with 3");
    }

    @Test
    void aScriptWhosePackagesAreMissingIsSkippedAndThatIsSaid() throws Exception {
        Files.writeString(
                folder.resolve("script.py"),
                "import nowhere_installed\nif __name__ == '__main__':\n    raise SystemExit(3)\n");
        Run run = check(folder);
        assertThat(run.code()).as(run.said()).isZero();
        assertThat(run.said()).contains("others need nowhere_installed, which this python lacks");
    }
}
