package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferLineTest {
    private final StringWriter err = new StringWriter();

    private TransferLine line(boolean moving) {
        return new TransferLine(new PrintWriter(err), "org/tiny", moving);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "9999, 10.0 kB",
        "123456, 123 kB",
        "999499, 999 kB",
        "999500, 1.00 MB",
        "1520000000, 1.52 GB",
        "15200000000, 15.2 GB",
        "9223372036854775807, 9.22 EB"
    })
    void sizesAreShort(long bytes, String text) {
        assertThat(TransferLine.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "59, 59 s", "60, 1 min 00 s", "154, 2 min 34 s", "3900, 1 h 05 min"})
    void timesAreShort(long seconds, String text) {
        assertThat(TransferLine.duration(seconds)).isEqualTo(text);
    }

    @Test
    void withoutATerminalThereIsALinePerFile() {
        try (TransferLine line = line(false)) {
            line.planned(2, 3000, 2000);
            line.finished("config.json", 1000, false);
            line.progress("model.safetensors", 0, 2000, false);
            line.progress("model.safetensors", 2000, 2000, true);
            line.finished("model.safetensors", 2000, true);
            line.note("a\u001b[31mb");
        }
        assertThat(err.toString().lines())
                .containsExactly(
                        "org/tiny: 2 files, 3.00 kB, 2.00 kB to be downloaded",
                        "config.json: in the cache",
                        "model.safetensors: 2.00 kB",
                        "a·[31mb");
    }

    @Test
    void aTerminalSeesSpeedAndTimeLeft() throws InterruptedException {
        try (TransferLine line = line(true)) {
            line.planned(1, 3_000_000, 2_000_000);
            line.progress("model.safetensors", 1_000_000, 3_000_000, false);
            line.progress("model.safetensors", 1_000_001, 3_000_000, true);
            Thread.sleep(250);
            line.progress("model.safetensors", 2_500_000, 3_000_000, true);
        }
        assertThat(err.toString())
                .containsPattern(
                        "\r\u001b\\[Kmodel\\.safetensors: 500 kB to go, \\d\\.\\d\\d MB/s, 0 s left\r\u001b\\[K$");
    }

    @Test
    void whatBeginsAnewIsLeftAgain() throws InterruptedException {
        try (TransferLine line = line(true)) {
            line.planned(1, 3_000_000, 2_000_000);
            line.progress("a", 1_000_000, 3_000_000, false);
            line.progress("a", 0, 3_000_000, false);
            line.progress("a", 1, 3_000_000, true);
            Thread.sleep(250);
            line.progress("a", 1_500_000, 3_000_000, true);
        }
        assertThat(err.toString()).contains("a: 1.50 MB to go");
    }
}
