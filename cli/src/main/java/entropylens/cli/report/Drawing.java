package entropylens.cli.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// A white picture to draw on, in points of which each is two pixels wide.
final class Drawing {
    static final int SCALE = 2;
    static final Color INK = new Color(0x1b, 0x1f, 0x24);
    static final Color FAINT = new Color(0x59, 0x63, 0x6e);
    static final Color GRID = new Color(0xe1, 0xe4, 0xe8);
    static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);

    private final BufferedImage image;
    private final Graphics2D graphics;

    Drawing(int width, int height) {
        image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.scale(SCALE, SCALE);
    }

    Graphics2D graphics() {
        return graphics;
    }

    BufferedImage finished() {
        graphics.dispose();
        return image;
    }

    void fill(Shape shape, Color colour) {
        graphics.setColor(colour);
        graphics.fill(shape);
    }

    void outline(Shape shape, Color colour, Stroke stroke) {
        graphics.setColor(colour);
        graphics.setStroke(stroke);
        graphics.draw(shape);
    }

    void line(double x1, double y1, double x2, double y2, Color colour, Stroke stroke) {
        outline(new Line2D.Double(x1, y1, x2, y2), colour, stroke);
    }

    /// Text whose left end (0), middle (0.5) or right end (1) is at x, its baseline at y.
    void text(String text, double x, double y, double anchor, Font font, Color colour) {
        graphics.setFont(font);
        graphics.setColor(colour);
        graphics.drawString(text, (float) (x - anchor * width(text, font)), (float) y);
    }

    /// Text that rises to the right from its right end.
    void tilted(String text, double x, double y, Font font, Color colour) {
        var before = graphics.getTransform();
        graphics.translate(x, y);
        graphics.rotate(-Math.PI / 5);
        text(text, 0, 0, 1, font, colour);
        graphics.setTransform(before);
    }

    static double width(String text, Font font) {
        return metrics(font).stringWidth(text);
    }

    private static FontMetrics metrics(Font font) {
        return new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                .createGraphics()
                .getFontMetrics(font);
    }

    /// The text in lines of at most that width, broken at spaces; the last of `lines` ends in dots
    /// when there is more.
    static List<String> wrapped(String text, double width, int lines, Font font) {
        FontMetrics metrics = metrics(font);
        List<String> wrapped = new ArrayList<>();
        String line = "";
        for (String word : text.split(" ", -1)) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && metrics.stringWidth(longer) > width) {
                wrapped.add(line);
                line = word;
            } else {
                line = longer;
            }
        }
        wrapped.add(line);
        if (wrapped.size() > lines) {
            String rest = String.join(" ", wrapped.subList(lines - 1, wrapped.size()));
            wrapped = new ArrayList<>(wrapped.subList(0, lines - 1));
            wrapped.add(rest);
        }
        return wrapped.stream().map(each -> cut(each, width, metrics)).toList();
    }

    private static String cut(String text, double width, FontMetrics metrics) {
        if (metrics.stringWidth(text) <= width) {
            return text;
        }
        int end = text.length();
        while (end > 0 && metrics.stringWidth(text.substring(0, end) + "…") > width) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end) + "…";
    }
}
