package entropylens.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportJsonTest {
    private final String text = written();
    private final JsonNode json = JsonMapper.shared().readTree(text);

    @Test
    void whatIsNotFiniteIsNull() {
        JsonNode gap = json.at("/sections/0/charts/1/series/1/y");
        assertThat(gap.get(1).doubleValue()).isEqualTo(1.1);
        assertThat(gap.get(2).isNull()).isTrue();
        JsonNode untested = json.at("/verdicts/6");
        assertThat(untested.get("outcome").stringValue()).isEqualTo("not_testable");
        assertThat(untested.get("value").isNull()).isTrue();
        assertThat(json.at("/verdicts/7/low").isNull()).isTrue();
        assertThat(text).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void keysAreInTheOrderOfTheRecords() {
        assertThat(json.propertyNames())
                .containsExactly("format", "title", "command", "facts", "verdicts", "sections");
        assertThat(json.at("/sections/0/charts/0").propertyNames())
                .containsExactly(
                        "id",
                        "title",
                        "caption",
                        "kind",
                        "x_axis",
                        "y_axis",
                        "categories",
                        "rows",
                        "series");
        assertThat(written()).isEqualTo(text);
    }

    @Test
    void integersAndDecimalsAreToldApart() {
        JsonNode table = json.at("/sections/0/tables/0");
        assertThat(table.get("column_types").valueStream().map(JsonNode::stringValue))
                .containsExactly("text", "integer", "decimal", "decimal", "decimal", "decimal");
    }

    @Test
    void hostileTextComesBackAsItWas() {
        assertThat(json.at("/sections/0/charts/1/title").stringValue())
                .isEqualTo(InventedReport.HOSTILE);
        assertThat(json.at("/facts").get("__proto__").stringValue()).isEqualTo("polluted?");
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(text)).isTrue();
    }

    /// Which says that the disk is full, and not what Jackson makes of it.
    @Test
    void aDiskThatIsFullIsAnIOException() {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        assertThatThrownBy(() -> ReportJson.write(InventedReport.report(), full))
                .isInstanceOf(IOException.class);
    }

    private static String written() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ReportJson.write(InventedReport.report(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
