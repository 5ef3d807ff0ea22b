package entropylens.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// docs/results.md shows the tables as the code makes them. `-Ddocs.write` writes them there.
class ResultsPageTest {
    private static final Path PAGE = Path.of("../docs/results.md");
    private static final String BEGIN = "<!-- generated: tables -->\n";
    private static final String END = "<!-- end: tables -->";

    @Test
    void theTablesOnThePageAreThoseOfTheCode() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if (System.getProperty("docs.write") != null) {
            Files.writeString(PAGE, page.substring(0, begin) + tables() + page.substring(end));
        } else {
            assertThat(page.substring(begin, end))
                    .as(
                            "docs/results.md; write it with: ./mvnw -pl data -am test -Dtest=ResultsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write")
                    .isEqualTo(tables());
        }
    }

    private static String tables() {
        List<String> lines = new ArrayList<>();
        for (Schema.Table table : Schema.tables(Samples.ASKED)) {
            lines.add("");
            lines.add("### `%s`".formatted(table.name()));
            lines.add("");
            lines.add(table.meaning() + ".");
            lines.add("");
            lines.add("| column | type | |");
            lines.add("|---|---|---|");
            for (Schema.Column column : table.columns()) {
                lines.add(
                        "| `%s` | %s | %s |"
                                .formatted(column.name(), column.type(), column.meaning()));
            }
        }
        lines.add("");
        return String.join("\n", lines) + "\n";
    }
}
