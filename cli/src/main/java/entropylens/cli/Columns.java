package entropylens.cli;

import java.util.ArrayList;
import java.util.List;

/// Text on a terminal: what must not reach it, and how many columns the rest takes.
final class Columns {
    private Columns() {}

    /// The text with what a terminal would act on made visible: escape sequences, line breaks,
    /// overrides of the writing direction. A model may generate any of these.
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    if (c == '\n') {
                        printable.append('⏎');
                    } else if (actsOnTerminal(c)) {
                        printable.append('·');
                    } else {
                        printable.appendCodePoint(c);
                    }
                });
        return printable.toString();
    }

    private static boolean actsOnTerminal(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            // the joiners belong to the spelling of words and of emoji
            case Character.FORMAT -> c != 0x200C && c != 0x200D;
            default -> false;
        };
    }

    /// Columns that a text takes in a terminal.
    static int width(String text) {
        return text.codePoints().map(Columns::width).sum();
    }

    private static int width(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(c) ? 2 : 1;
        };
    }

    /// East Asian wide and full-width characters, and emoji; close to Unicode's EastAsianWidth.
    private static boolean isWide(int c) {
        return c >= 0x1100
                && (c <= 0x115F
                        || c >= 0x2E80 && c <= 0xA4CF && c != 0x303F
                        || c >= 0xA960 && c <= 0xA97F
                        || c >= 0xAC00 && c <= 0xD7A3
                        || c >= 0xF900 && c <= 0xFAFF
                        || c >= 0xFE30 && c <= 0xFE6F
                        || c >= 0xFF00 && c <= 0xFF60
                        || c >= 0xFFE0 && c <= 0xFFE6
                        || c >= 0x1F300 && c <= 0x1F64F
                        || c >= 0x1F680 && c <= 0x1F6FF
                        || c >= 0x1F900 && c <= 0x1F9FF
                        || c >= 0x1FA70 && c <= 0x1FAFF
                        || c >= 0x20000 && c <= 0x3FFFD);
    }

    /// The beginning of a text that fits `columns`; an ellipsis where something is cut off.
    static String first(String text, int columns) {
        return width(text) <= columns ? text : text.substring(0, fitting(text, columns - 1)) + "…";
    }

    /// The end of a text that fits `columns`; an ellipsis where something is cut off.
    static String last(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        int from = text.length();
        int left = columns - 1;
        while (from > 0) {
            int c = text.codePointBefore(from);
            left -= width(c);
            if (left < 0) {
                break;
            }
            from -= Character.charCount(c);
        }
        return "…" + text.substring(from);
    }

    /// A model's name, in at most 44 columns that do not act on a terminal.
    static String name(String name) {
        return first(printable(name), 44);
    }

    /// The text and spaces up to `columns`.
    static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    /// Chars of the text that fit `columns`.
    private static int fitting(String text, int columns) {
        int end = 0;
        int left = columns;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            left -= width(c);
            if (left < 0) {
                break;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    /// The text in lines of at most `columns`, cut after spaces where there are any. Joined, the
    /// lines are the text.
    static List<String> wrapped(String text, int columns) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (width(rest) > columns) {
            int fits = Math.max(Character.charCount(rest.codePointAt(0)), fitting(rest, columns));
            int space = rest.lastIndexOf(' ', fits);
            int end = space > 0 ? Math.min(space + 1, rest.length()) : fits;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end);
        }
        if (!rest.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }
}
