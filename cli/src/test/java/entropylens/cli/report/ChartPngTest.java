package entropylens.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.report.Chart;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChartPngTest {
    @TempDir Path folder;

    static List<Chart> charts() {
        return InventedReport.report().sections().stream()
                .flatMap(section -> section.charts().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("charts")
    void everyKindOfChartIsDrawn(Chart chart) throws IOException {
        BufferedImage picture = written(chart);
        assertThat(picture.getWidth()).isGreaterThan(1400);
        assertThat(colours(picture)).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("charts")
    void aChartWithoutNumbersIsDrawnToo(Chart chart) throws IOException {
        List<Chart.Series> nothing =
                chart.series().stream()
                        .map(one ->
                                Chart.Series.of(
                                        one.name(), one.group(), new double[0], new double[0]))
                        .toList();
        written(with(chart, nothing));
    }

    @Test
    void groupsHaveTheColoursOfThePage() throws IOException {
        Set<Integer> seen = colours(written(InventedCharts.shortBars()));
        assertThat(seen).contains(0x0072B2, 0xD55E00);
        String palette =
                new String(
                        ChartPng.class.getResourceAsStream("palette.js").readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        for (SeriesStyle style : SeriesStyle.of(InventedCharts.points())) {
            if (style.member() == 0) {
                Color colour = style.colour();
                assertThat(palette).contains("'#%06X'".formatted(colour.getRGB() & 0xFFFFFF));
            }
        }
    }

    private static Chart with(Chart chart, List<Chart.Series> series) {
        return new Chart(
                chart.id(),
                chart.title(),
                chart.caption(),
                chart.kind(),
                chart.xAxis(),
                chart.yAxis(),
                chart.categories(),
                chart.rows(),
                series);
    }

    private BufferedImage written(Chart chart) throws IOException {
        Path file = folder.resolve(chart.id() + ".png");
        ChartPng.write(chart, file);
        try (var in = Files.newInputStream(file)) {
            return ImageIO.read(in);
        }
    }

    private static Set<Integer> colours(BufferedImage picture) {
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < picture.getHeight(); y += 3) {
            for (int x = 0; x < picture.getWidth(); x += 3) {
                colours.add(picture.getRGB(x, y) & 0xFFFFFF);
            }
        }
        return colours;
    }
}
