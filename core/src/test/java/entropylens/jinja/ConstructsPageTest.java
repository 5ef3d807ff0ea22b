package entropylens.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.GeneratedSection;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The table of docs/models.md: of what the golden templates are made, how many of their texts and
/// refusals are those of transformers, and what they cost. The cost is measured where the table is
/// written, and never compared.
///
///     ./mvnw -pl core test -Dtest=ConstructsPageTest -Ddocs.write
class ConstructsPageTest {
    private static final Path PAGE = Path.of("../docs/models.md");
    private static final String SECTION = "chat-constructs";
    private static final List<String> COUNTED = List.of("macros", "filters", "tests", "methods");
    private static final List<String> CONSTRUCTS =
            List.of(
                    "for",
                    "recursion",
                    "break, continue",
                    "namespace",
                    "macros",
                    "call blocks",
                    "set, filter, with blocks",
                    "filters",
                    "tests",
                    "methods",
                    "slices",
                    "strftime_now",
                    "raise_exception",
                    "generation",
                    "tools");

    /// Renderings of each conversation before and while the clock runs.
    private static final int WARM = 300;

    private static final int ROUNDS = 101;

    @Test
    void thePageHasTheConstructsOfTheGoldens() {
        List<TemplateGolden> templates = TemplateGolden.all(TemplateGolden.OURS);
        List<String> rows = templates.stream().map(ConstructsPageTest::row).toList();
        if (GeneratedSection.WRITE) {
            GeneratedSection.write(PAGE, SECTION, section(templates, rows));
        }
        List<String> written =
                GeneratedSection.read(PAGE, SECTION)
                        .lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(ConstructsPageTest::withoutCost)
                        .toList();
        assertThat(written)
                .as("docs/models.md; -Ddocs.write writes it")
                .containsExactlyElementsOf(rows);
    }

    /// A construct that no golden has would be right untested.
    @Test
    void everyConstructIsInAGolden() {
        List<Constructs> all =
                TemplateGolden.all(TemplateGolden.OURS).stream().map(Constructs::of).toList();
        for (String construct : CONSTRUCTS) {
            assertThat(all).as(construct).anyMatch(constructs -> constructs.has(construct));
        }
    }

    private static String withoutCost(String line) {
        String[] cells = line.split("\\|");
        return Arrays.stream(cells)
                .limit(cells.length - 2)
                .collect(Collectors.joining("|", "", "|"));
    }

    /// All but the cost.
    private static String row(TemplateGolden template) {
        Constructs constructs = Constructs.of(template);
        List<TemplateGolden.Case> cases = template.cases();
        long equal = cases.stream().filter(one -> one.is(template.outcome(one))).count();
        long refused = cases.stream().filter(TemplateGolden.Case::refused).count();
        String cells =
                CONSTRUCTS.stream()
                        .map(construct -> cell(constructs, construct))
                        .collect(Collectors.joining(" | "));
        return "| `%s` | %s | %d, %d | %d |"
                .formatted(
                        template.name().replace(".jinja", ""),
                        cells,
                        cases.size() - refused,
                        refused,
                        equal);
    }

    private static String cell(Constructs constructs, String construct) {
        if (!constructs.has(construct)) {
            return "";
        }
        return COUNTED.contains(construct) ? String.valueOf(constructs.count(construct)) : "×";
    }

    private static String section(List<TemplateGolden> templates, List<String> rows) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Cost: the median over conversations and %d rounds of each, after %d that are not counted; %s, Java %s, %s, %d processors."
                        .formatted(
                                ROUNDS,
                                WARM,
                                LocalDate.now(),
                                Runtime.version().feature(),
                                System.getProperty("os.arch"),
                                Runtime.getRuntime().availableProcessors()));
        lines.add("");
        lines.add(
                "| template | %s | texts, refusals | equal | parsing, µs | rendering, µs |"
                        .formatted(
                                CONSTRUCTS.stream()
                                        .map(ConstructsPageTest::heading)
                                        .collect(Collectors.joining(" | "))));
        lines.add("|---".repeat(CONSTRUCTS.size() + 5) + "|");
        templates.forEach(ConstructsPageTest::cost); // so that all of it is compiled
        for (int i = 0; i < rows.size(); i++) {
            lines.add(rows.get(i) + cost(templates.get(i)));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String heading(String construct) {
        return construct.equals("slices") || COUNTED.contains(construct)
                ? construct
                : "`"
                        + construct.replace(" blocks", "")
                        + "`"
                        + (construct.contains("blocks") ? " blocks" : "");
    }

    private static String cost(TemplateGolden template) {
        List<Map<String, Object>> conversations =
                template.cases().stream()
                        .filter(one -> !one.refused())
                        .map(TemplateGolden.Case::variables)
                        .toList();
        Template parsed = Template.parse(template.source(), template.name());
        return String.format(
                Locale.ROOT,
                " %.0f | %.0f |",
                median(
                        List.of(() ->
                                Template.parse(template.source(), template.name()).names().size())),
                median(
                        conversations.stream()
                                .<Work>map(one -> () -> parsed.render(one, template::now).length())
                                .toList()));
    }

    /// Says something of what it made, so that it is made.
    @FunctionalInterface
    private interface Work {
        int run();
    }

    /// Microseconds of one piece of work.
    private static double median(List<Work> all) {
        double[] times = new double[all.size() * ROUNDS];
        long made = 0;
        for (int round = -WARM; round < ROUNDS; round++) {
            for (int i = 0; i < all.size(); i++) {
                long before = System.nanoTime();
                made += all.get(i).run();
                if (round >= 0) {
                    times[round * all.size() + i] = (System.nanoTime() - before) / 1e3;
                }
            }
        }
        assertThat(made).isNotNegative();
        Arrays.sort(times);
        return times[times.length / 2];
    }
}
