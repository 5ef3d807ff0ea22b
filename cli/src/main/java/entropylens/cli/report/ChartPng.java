package entropylens.cli.report;

import entropylens.study.report.Chart;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/// A chart as a picture, without a browser: light, with its title and legend, twice as fine as a
/// screen. Series of a group share a colour and differ in lightness, line and marker; controls are
/// dashed and pale. The caption is left to whoever shows the picture.
public final class ChartPng {
    private ChartPng() {}

    /// Writes the picture over what may be there.
    ///
    /// @throws IOException when it cannot be written
    /// @throws IllegalStateException when this machine has no fonts to draw with
    public static void write(Chart chart, Path file) throws IOException {
        BufferedImage picture = draw(chart);
        try (OutputStream out = Files.newOutputStream(file)) {
            if (!ImageIO.write(picture, "png", out)) {
                throw new IOException(file + ": this JVM writes no PNG");
            }
        }
    }

    private static BufferedImage draw(Chart chart) {
        System.setProperty("java.awt.headless", "true");
        try {
            return switch (chart.kind()) {
                case LINE, SCATTER -> new XyPicture(chart).draw();
                case BAR -> new BarPicture(chart).draw();
                case HEATMAP -> new HeatmapPicture(chart).draw();
            };
        } catch (LinkageError | InternalError e) {
            throw new IllegalStateException(
                    "chart %s: this machine has no fonts to draw with (%s); install fontconfig and a font, for example DejaVu"
                            .formatted(chart.id(), e),
                    e);
        }
    }
}
