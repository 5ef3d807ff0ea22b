package entropylens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A part of a page that the code writes, between two comments: `<!-- generated: NAME -->` and
/// `<!-- end: NAME -->`.
public final class GeneratedSection {
    /// Whether tests are to write what they would otherwise compare: `-Ddocs.write`.
    public static final boolean WRITE = System.getProperty("docs.write") != null;

    private GeneratedSection() {}

    public static String read(Path page, String name) {
        String text = text(page);
        return text.substring(begin(page, text, name), end(page, text, name));
    }

    public static void write(Path page, String name, String content) {
        String text = text(page);
        String before = text.substring(0, begin(page, text, name));
        String after = text.substring(end(page, text, name));
        try {
            Files.writeString(page, before + content + after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int begin(Path page, String text, String name) {
        String mark = "<!-- generated: " + name + " -->\n";
        return find(page, text, mark) + mark.length();
    }

    private static int end(Path page, String text, String name) {
        return find(page, text, "<!-- end: " + name + " -->");
    }

    private static int find(Path page, String text, String mark) {
        int at = text.indexOf(mark);
        if (at < 0) {
            throw new AssertionError(page + " has no line " + mark.strip());
        }
        return at;
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
