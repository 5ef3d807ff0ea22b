package entropylens.jinja;

import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The methods of Python's `str`.
final class StringMethods {
    private static final Set<String> UNSUPPORTED =
            Set.of("encode", "translate", "maketrans", "format_map", "expandtabs", "swapcase");

    private StringMethods() {}

    /// A method, or null where Python has none of this name.
    static @Nullable Object of(String text, String name, Budget budget) {
        if (UNSUPPORTED.contains(name)) {
            throw Fault.unsupported("str." + name + "()");
        }
        budget.take(text.length() / 16); // most of them look at the whole text
        Callable method =
                switch (name) {
                    case "strip" -> given -> strip(text, given, true, true);
                    case "lstrip" -> given -> strip(text, given, true, false);
                    case "rstrip" -> given -> strip(text, given, false, true);
                    case "split" -> given -> Splits.fromLeft(text, given, budget);
                    case "rsplit" -> given -> Splits.fromRight(text, given, budget);
                    case "splitlines" -> given -> Splits.lines(text, given, budget);
                    case "partition" -> given -> Splits.partition(text, given, false, budget);
                    case "rpartition" -> given -> Splits.partition(text, given, true, budget);
                    case "startswith" -> given -> affix(text, given, true);
                    case "endswith" -> given -> affix(text, given, false);
                    case "replace" -> given -> replace(text, given, budget);
                    case "join" -> given -> join(text, given, budget);
                    case "format" -> given -> FormatMethod.format(text, given, budget);
                    case "find" -> given -> (long) find(text, given, false, budget);
                    case "rfind" -> given -> (long) find(text, given, true, budget);
                    case "index" -> given -> index(text, given, false, budget);
                    case "rindex" -> given -> index(text, given, true, budget);
                    case "count" -> given -> count(text, given, budget);
                    case "removeprefix" -> given -> removed(text, given, true);
                    case "removesuffix" -> given -> removed(text, given, false);
                    case "center" -> given -> padded(text, given, '^', budget);
                    case "ljust" -> given -> padded(text, given, '<', budget);
                    case "rjust" -> given -> padded(text, given, '>', budget);
                    case "zfill" -> given -> zeros(text, given, budget);
                    default -> null;
                };
        return method != null ? method : plain(text, name, budget);
    }

    /// Methods without arguments.
    private static @Nullable Object plain(String text, String name, Budget budget) {
        Object value =
                switch (name) {
                    case "upper" -> Characters.upper(text);
                    case "lower", "casefold" -> Characters.lower(text);
                    case "title" -> Characters.title(text);
                    case "capitalize" -> Characters.capitalize(text);
                    case "isspace" -> all(text, Characters::isSpace);
                    case "isdigit", "isdecimal", "isnumeric" -> all(text, Character::isDigit);
                    case "isalpha" -> all(text, Character::isLetter);
                    case "isalnum" -> all(text, Character::isLetterOrDigit);
                    case "isascii" -> text.codePoints().allMatch(c -> c < 128);
                    case "isupper" -> cased(text, Characters.upper(text));
                    case "islower" -> cased(text, Characters.lower(text));
                    case "istitle" -> cased(text, Characters.title(text));
                    case "isprintable" -> text.codePoints().allMatch(Characters::isPrintable);
                    case "isidentifier" -> text.matches("[\\p{L}_][\\p{L}\\p{N}_]*");
                    default -> null;
                };
        if (value == null) {
            return null;
        }
        budget.take(text.length());
        return (Callable)
                given -> {
                    given.requireNone("str." + name + "()");
                    return value;
                };
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }

    private static boolean cased(String text, String changed) {
        return text.equals(changed) && text.codePoints().anyMatch(Characters::isCased);
    }

    static String strip(String text, Given given, boolean left, boolean right) {
        Object characters = given.bind("strip()", "chars")[0];
        if (characters == null || characters == None.NONE) {
            return Characters.strip(text, left, right, Characters::isSpace);
        }
        String set = Values.string(characters, "the argument of strip()");
        return Characters.strip(text, left, right, c -> set.indexOf(c) >= 0);
    }

    private static Object affix(String text, Given given, boolean prefix) {
        String method = prefix ? "startswith()" : "endswith()";
        @Nullable Object[] bound = given.bind(method, "affix", "start", "end");
        String part = part(text, bound[1], bound[2]);
        Object wanted =
                given.positional().isEmpty()
                        ? new Undefined(method + " needs a text")
                        : given.positional().getFirst();
        List<Object> affixes = wanted instanceof Tuple(List<Object> some) ? some : List.of(wanted);
        return affixes.stream()
                .map(affix -> Values.string(affix, "the argument of " + method))
                .anyMatch(affix -> prefix ? part.startsWith(affix) : part.endsWith(affix));
    }

    /// `text[start:end]`
    private static String part(String text, @Nullable Object start, @Nullable Object end) {
        if (start == null && end == null) {
            return text;
        }
        return (String)
                Attributes.slice(
                        text,
                        start == null ? None.NONE : start,
                        end == null ? None.NONE : end,
                        None.NONE,
                        Budget.small());
    }

    private static String replace(String text, Given given, Budget budget) {
        @Nullable Object[] bound = given.bind("replace()", "old", "new", "count");
        if (bound[0] == null || bound[1] == null) {
            throw new Fault("replace() needs two texts");
        }
        return replace(
                text,
                Values.string(bound[0], "the argument of replace()"),
                Values.string(bound[1], "the argument of replace()"),
                bound[2] == null ? -1 : Values.index(bound[2], "the count of replace()"),
                budget);
    }

    /// @param count how often at most; negative: always
    static String replace(String text, String old, String replacement, int count, Budget budget) {
        budget.search(text, old);
        StringBuilder out = new StringBuilder();
        int done = 0;
        for (int times = 0; times != count; times++) {
            int at = old.isEmpty() ? boundary(text, done, times) : text.indexOf(old, done);
            if (at < 0) {
                break;
            }
            budget.take(at - done + replacement.length());
            out.append(text, done, at).append(replacement);
            done = at + old.length();
        }
        return out.append(text, done, text.length()).toString();
    }

    /// Nothing is found before each character and at the end.
    private static int boundary(String text, int done, int times) {
        if (times == 0) {
            return 0;
        }
        return done < text.length() ? text.offsetByCodePoints(done, 1) : -1;
    }

    private static String join(String text, Given given, Budget budget) {
        StringBuilder joined = new StringBuilder();
        String separator = "";
        for (Object item : Values.list(given.require("join()", "iterable")[0], budget)) {
            joined.append(separator).append(budget.take(Values.string(item, "what join() joins")));
            separator = budget.take(text);
        }
        return joined.toString();
    }

    private static int find(String text, Given given, boolean last, Budget budget) {
        @Nullable Object[] bound = given.bind("find()", "sub", "start", "end");
        if (bound[0] == null) {
            throw new Fault("find() needs a text");
        }
        if (bound[1] != null || bound[2] != null) {
            throw Fault.unsupported("find() with a start");
        }
        String wanted = Values.string(bound[0], "the argument of find()");
        budget.search(text, wanted);
        int at = last ? text.lastIndexOf(wanted) : text.indexOf(wanted);
        return at < 0 ? at : text.codePointCount(0, at);
    }

    private static Object index(String text, Given given, boolean last, Budget budget) {
        int at = find(text, given, last, budget);
        if (at < 0) {
            throw new Fault("index(): the text is not found");
        }
        return (long) at;
    }

    private static Object count(String text, Given given, Budget budget) {
        String wanted =
                Values.string(given.require("count()", "sub")[0], "the argument of count()");
        budget.search(text, wanted);
        if (wanted.isEmpty()) {
            return Values.length(text) + 1;
        }
        long count = 0;
        for (int at = text.indexOf(wanted);
                at >= 0;
                at = text.indexOf(wanted, at + wanted.length())) {
            count++;
        }
        return count;
    }

    private static String removed(String text, Given given, boolean prefix) {
        String affix = Values.string(given.require("removeprefix()", "affix")[0], "an affix");
        return prefix && text.startsWith(affix)
                ? text.substring(affix.length())
                : !prefix && text.endsWith(affix)
                        ? text.substring(0, text.length() - affix.length())
                        : text;
    }

    private static String padded(String text, Given given, char align, Budget budget) {
        @Nullable Object[] bound = given.bind("a text's padding", "width", "fillchar");
        int width = bound[0] == null ? 0 : Values.index(bound[0], "a width");
        String fill = bound[1] == null ? " " : Values.string(bound[1], "what is padded with");
        return align == '^'
                ? centred(text, width, fill, budget)
                : aligned(text, width, fill, align, budget);
    }

    private static String aligned(String text, int width, String fill, char align, Budget budget) {
        return new NumberFormat(fill, align, '-', false, width, "", -1, 's').text(text, budget);
    }

    /// Python puts an odd space to the left where the width is odd.
    static String centred(String text, int width, String fill, Budget budget) {
        int missing = (int) Math.max(0, width - Values.length(text));
        int left = missing / 2 + (missing & width & 1);
        return Operators.repeated(fill, left, budget)
                + text
                + Operators.repeated(fill, missing - left, budget);
    }

    private static String zeros(String text, Given given, Budget budget) {
        int width = Values.index(given.require("zfill()", "width")[0], "a width");
        boolean signed = text.startsWith("-") || text.startsWith("+");
        int missing = (int) Math.max(0, width - Values.length(text));
        String zeros = Operators.repeated("0", missing, budget);
        return signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text;
    }
}
