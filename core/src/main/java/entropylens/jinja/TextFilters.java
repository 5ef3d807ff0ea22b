package entropylens.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Filters that make texts. What is not a text is printed first.
final class TextFilters {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");

    static final Map<String, Filters.Filter> ALL =
            Map.ofEntries(
                    Map.entry(
                            "string",
                            (value, given, run) -> Values.isString(value) ? value : run.str(value)),
                    Map.entry("upper", (value, given, run) -> Characters.upper(text(value, run))),
                    Map.entry("lower", (value, given, run) -> Characters.lower(text(value, run))),
                    Map.entry(
                            "capitalize",
                            (value, given, run) -> Characters.capitalize(text(value, run))),
                    Map.entry("title", (value, given, run) -> title(text(value, run))),
                    Map.entry(
                            "trim",
                            (value, given, run) ->
                                    StringMethods.strip(text(value, run), given, true, true)),
                    Map.entry("center", TextFilters::center),
                    Map.entry("replace", TextFilters::replace),
                    Map.entry("indent", TextFilters::indent),
                    Map.entry("truncate", TextFilters::truncate),
                    Map.entry(
                            "wordcount",
                            (value, given, run) ->
                                    WORD.matcher(text(value, run)).results().count()),
                    Map.entry("format", TextFilters::format),
                    Map.entry("safe", (value, given, run) -> new Markup(text(value, run))),
                    Map.entry("escape", (value, given, run) -> escape(value, run)),
                    Map.entry("e", (value, given, run) -> escape(value, run)),
                    Map.entry(
                            "forceescape",
                            (value, given, run) ->
                                    new Markup(run.budget.take(Markup.escape(text(value, run))))));

    private TextFilters() {}

    private static String text(Object value, Run run) {
        return run.budget.take(run.str(value));
    }

    private static Object escape(Object value, Run run) {
        return value instanceof Markup
                ? value
                : new Markup(run.budget.take(Markup.escape(text(value, run))));
    }

    /// Each part between spaces and opening brackets begins with a capital, unlike `str.title`.
    private static String title(String text) {
        StringBuilder titled = new StringBuilder();
        boolean begins = true;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            String one = Character.toString(c);
            titled.append(begins ? Characters.upper(one) : one.toLowerCase(Locale.ROOT));
            begins = Characters.isSpace(c) || "-({[<".indexOf(c) >= 0;
            at += Character.charCount(c);
        }
        return titled.toString();
    }

    private static Object center(Object value, Given given, Run run) {
        Object width = given.bind("center", "width")[0];
        return StringMethods.centred(
                text(value, run),
                width == null ? 80 : Values.index(width, "the width of center"),
                " ",
                run.budget);
    }

    private static Object replace(Object value, Given given, Run run) {
        @Nullable Object[] bound = given.bind("replace", "old", "new", "count");
        if (bound[0] == null || bound[1] == null) {
            throw new Fault("filter 'replace' needs two texts");
        }
        int count =
                bound[2] == null || bound[2] == None.NONE
                        ? -1
                        : Values.index(bound[2], "the count of replace");
        return StringMethods.replace(
                text(value, run), run.str(bound[0]), run.str(bound[1]), count, run.budget);
    }

    private static Object indent(Object value, Given given, Run run) {
        @Nullable Object[] bound = given.bind("indent", "width", "first", "blank");
        String indent =
                switch (bound[0]) {
                    case null -> "    ";
                    case String text -> text;
                    default ->
                            Operators.repeated(
                                    " ",
                                    Math.max(0, Values.index(bound[0], "a width")),
                                    run.budget);
                };
        boolean first = bound[1] != null && Values.isTrue(bound[1]);
        boolean blank = bound[2] != null && Values.isTrue(bound[2]);
        String text = Values.string(value, "what is indented");
        StringBuilder out = new StringBuilder();
        List<Object> lines = Splits.lines(text + "\n", false, run.budget);
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            boolean indented = i == 0 ? first : blank || !line.isEmpty();
            out.append(i == 0 ? "" : "\n")
                    .append(indented ? run.budget.take(indent) : "")
                    .append(line);
        }
        return run.budget.take(out.toString());
    }

    private static Object truncate(Object value, Given given, Run run) {
        @Nullable Object[] bound = given.bind("truncate", "length", "killwords", "end", "leeway");
        String text = Values.string(value, "what is truncated");
        int length = bound[0] == null ? 255 : Values.index(bound[0], "the length of truncate");
        boolean anywhere = bound[1] != null && Values.isTrue(bound[1]);
        String end = bound[2] == null ? "..." : Values.string(bound[2], "the end of truncate");
        int leeway =
                bound[3] == null || bound[3] == None.NONE ? 5 : Values.index(bound[3], "leeway");
        long kept = length - Values.length(end);
        if (kept < 0 || leeway < 0) {
            throw new Fault("truncate: a length of %d, a leeway of %d".formatted(length, leeway));
        }
        if (Values.length(text) <= (long) length + leeway) {
            return text;
        }
        String cut = text.substring(0, Characters.offset(text, kept));
        int space = cut.lastIndexOf(' ');
        return run.budget.take((anywhere || space < 0 ? cut : cut.substring(0, space)) + end);
    }

    private static Object format(Object value, Given given, Run run) {
        if (!given.positional().isEmpty() && !given.named().isEmpty()) {
            throw new Fault("filter 'format' takes values or names, not both");
        }
        Object values =
                given.named().isEmpty() ? new Tuple(given.positional()) : (Object) given.named();
        return PercentFormat.format(text(value, run), values, run.budget);
    }
}
