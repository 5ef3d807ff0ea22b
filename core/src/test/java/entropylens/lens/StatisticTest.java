package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StatisticTest {
    private static final Path PAGE = Path.of("../docs/method.md");
    private static final String BEGIN = "<!-- generated: statistics -->\n";
    private static final String END = "<!-- end: statistics -->";

    /// docs/method.md lists the statistics as they are declared. `-Ddocs.write` writes them there.
    @Test
    void thePageListsWhatIsDeclared() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if (System.getProperty("docs.write") != null) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
        } else {
            assertThat(page.substring(begin, end))
                    .as(
                            "docs/method.md; write it with: ./mvnw -pl core test -Dtest=StatisticTest -Ddocs.write")
                    .isEqualTo(table());
        }
    }

    private static String table() {
        return Statistics.examples().stream()
                .map(statistic ->
                        "| `%s` | `%s` | %s | %s |\n"
                                .formatted(
                                        statistic.name(),
                                        statistic.column(),
                                        statistic.meaning(),
                                        statistic.unit()))
                .collect(
                        Collectors.joining(
                                "",
                                "| in JSON and CSV | in tables | meaning | unit |\n|---|---|---|---|\n",
                                ""));
    }

    @Test
    void aStatisticIsItsNameAndItsParameter() {
        assertThat(Statistic.renyi(2)).isEqualTo(Statistic.renyi(2.0)).hasToString("renyi_2");
        assertThat(Statistic.renyi(-0.0)).isEqualTo(Statistic.renyi(0));
        assertThat(Statistic.renyi(2)).isNotEqualTo(Statistic.renyi(3));
        assertThat(Statistic.topPSize(0.6)).isNotEqualTo(Statistic.jaccard(0.6));
        assertThat(Statistics.examples()).doesNotHaveDuplicates();
        assertThat(Statistics.examples()).extracting(Statistic::column).doesNotHaveDuplicates();
    }

    @Test
    void everyStatisticIsFoundByItsName() {
        for (Statistic statistic : Statistics.examples()) {
            assertThat(Statistics.named(statistic.name())).contains(statistic);
        }
        assertThat(Statistics.named("renyi_x")).isEmpty();
        assertThat(Statistics.named("odd_1")).isEmpty();
        assertThatThrownBy(() -> Statistics.named("jaccard_2")).hasMessageContaining("0 < p <= 1");
    }

    @Test
    void theEntropyIsAlwaysReadAndComesFirst() {
        ReadoutRequest request = ReadoutRequest.ENTROPY.with(Statistic.H_NORM, Statistic.ENTROPY);
        assertThat(request.statistics()).containsExactly(Statistic.ENTROPY, Statistic.H_NORM);
    }

    @Test
    void whatWasNotAskedForIsRefusedByName() {
        Readouts readouts = Readouts.allocate(2, ReadoutRequest.ENTROPY);
        assertThatThrownBy(() -> readouts.column(Statistic.KL_TO_LAST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kl_to_last was not asked for; asked for were [entropy]");
    }
}
