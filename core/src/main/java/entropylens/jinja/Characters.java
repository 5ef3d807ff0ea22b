package entropylens.jinja;

import java.util.Iterator;
import java.util.Locale;
import java.util.function.IntPredicate;

/// Characters as Python counts and classes them: code points.
final class Characters {
    private Characters() {}

    static Iterator<Object> each(String text) {
        return text.codePoints().mapToObj(c -> (Object) Character.toString(c)).iterator();
    }

    /// `str.isspace`.
    static boolean isSpace(int c) {
        return c >= 9 && c <= 13
                || c >= 0x1c && c <= 0x20
                || c == 0x85
                || c == 0xa0
                || c > 0x7f && Character.isSpaceChar(c);
    }

    /// Where `str.splitlines` breaks.
    static boolean isLineBreak(int c) {
        return c >= 10 && c <= 13
                || c >= 0x1c && c <= 0x1e
                || c == 0x85
                || c == 0x2028
                || c == 0x2029;
    }

    /// Whether Python's `repr` shows it as it is.
    static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    static String strip(String text, boolean left, boolean right, IntPredicate stripped) {
        int begin = 0;
        int end = text.length();
        while (left && begin < end && stripped.test(text.codePointAt(begin))) {
            begin += Character.charCount(text.codePointAt(begin));
        }
        while (right && end > begin && stripped.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(begin, end);
    }

    static String strip(String text) {
        return strip(text, true, true, Characters::isSpace);
    }

    static String stripRight(String text) {
        return strip(text, false, true, Characters::isSpace);
    }

    static String stripLeft(String text) {
        return strip(text, true, false, Characters::isSpace);
    }

    static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    /// The first character in title case, the others in lower case.
    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        String rest = text.substring(Character.charCount(first));
        return titled(first) + lower(rest);
    }

    private static String titled(int c) {
        int title = Character.toTitleCase(c);
        String upper = upper(Character.toString(c));
        boolean several = upper.codePointCount(0, upper.length()) > 1;
        if (title != c || !several) {
            return Character.toString(title);
        }
        int first = upper.codePointAt(0); // the sharp s: "Ss"
        return Character.toString(first) + lower(upper.substring(Character.charCount(first)));
    }

    /// `str.title`: each run of letters capitalised.
    static String title(String text) {
        StringBuilder titled = new StringBuilder();
        boolean inside = false;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            titled.append(inside ? lower(Character.toString(c)) : titled(c));
            inside = isCased(c);
            at += Character.charCount(c);
        }
        return titled.toString();
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// Index of the nth character in Java's units.
    static int offset(String text, long characters) {
        return text.offsetByCodePoints(0, (int) characters);
    }
}
