package entropylens.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Python's ways to cut a text.
final class Splits {
    private Splits() {}

    static Object fromLeft(String text, Given given, Budget budget) {
        return split(text, given, false, budget);
    }

    static Object fromRight(String text, Given given, Budget budget) {
        return split(text, given, true, budget);
    }

    private static Object split(String text, Given given, boolean right, Budget budget) {
        @Nullable Object[] bound = given.bind("split()", "sep", "maxsplit");
        int most = bound[1] == null ? -1 : Values.index(bound[1], "maxsplit");
        most = most < 0 ? Integer.MAX_VALUE : most;
        if (bound[0] == null || bound[0] == None.NONE) {
            budget.take(text.length());
            return right ? wordsFromRight(text, most) : words(text, most);
        }
        String separator = Values.string(bound[0], "the argument of split()");
        if (separator.isEmpty()) {
            throw new Fault("split(): an empty separator");
        }
        budget.search(text, separator);
        budget.take(text.length());
        return right ? partsFromRight(text, separator, most) : parts(text, separator, most);
    }

    private static List<Object> parts(String text, String separator, int most) {
        List<Object> parts = new ArrayList<>();
        int done = 0;
        for (int at = text.indexOf(separator);
                at >= 0 && parts.size() < most;
                at = text.indexOf(separator, done)) {
            parts.add(text.substring(done, at));
            done = at + separator.length();
        }
        parts.add(text.substring(done));
        return parts;
    }

    private static List<Object> partsFromRight(String text, String separator, int most) {
        List<Object> parts = new ArrayList<>();
        int end = text.length();
        while (parts.size() < most) {
            int at = text.lastIndexOf(separator, end - separator.length());
            if (at < 0 || end < separator.length()) {
                break;
            }
            parts.add(text.substring(at + separator.length(), end));
            end = at;
        }
        parts.add(text.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    private static List<Object> words(String text, int most) {
        List<Object> words = new ArrayList<>();
        String rest = Characters.stripLeft(text);
        int begin = text.length() - rest.length();
        while (begin < text.length()) {
            if (words.size() == most) {
                words.add(text.substring(begin));
                return words;
            }
            int end = begin;
            while (end < text.length() && !Characters.isSpace(text.charAt(end))) {
                end++;
            }
            words.add(text.substring(begin, end));
            begin = end;
            while (begin < text.length() && Characters.isSpace(text.charAt(begin))) {
                begin++;
            }
        }
        return words;
    }

    private static List<Object> wordsFromRight(String text, int most) {
        List<Object> words = new ArrayList<>();
        int end = Characters.stripRight(text).length();
        while (end > 0) {
            if (words.size() == most) {
                words.add(text.substring(0, end));
                break;
            }
            int begin = end;
            while (begin > 0 && !Characters.isSpace(text.charAt(begin - 1))) {
                begin--;
            }
            words.add(text.substring(begin, end));
            end = begin;
            while (end > 0 && Characters.isSpace(text.charAt(end - 1))) {
                end--;
            }
        }
        Collections.reverse(words);
        return words;
    }

    static Object lines(String text, Given given, Budget budget) {
        @Nullable Object keep = given.bind("splitlines()", "keepends")[0];
        return lines(text, keep != null && Values.isTrue(keep), budget);
    }

    static List<Object> lines(String text, boolean keepEnds, Budget budget) {
        budget.take(text.length());
        List<Object> lines = new ArrayList<>();
        int begin = 0;
        for (int at = 0; at < text.length(); at++) {
            if (Characters.isLineBreak(text.charAt(at))) {
                int end = at;
                at += text.startsWith("\r\n", at) ? 1 : 0;
                lines.add(text.substring(begin, keepEnds ? at + 1 : end));
                begin = at + 1;
            }
        }
        if (begin < text.length()) {
            lines.add(text.substring(begin));
        }
        return lines;
    }

    static Object partition(String text, Given given, boolean right, Budget budget) {
        String separator = Values.string(given.require("partition()", "sep")[0], "a separator");
        if (separator.isEmpty()) {
            throw new Fault("partition(): an empty separator");
        }
        budget.search(text, separator);
        int at = right ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            return right ? Tuple.of("", "", text) : Tuple.of(text, "", "");
        }
        return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }
}
