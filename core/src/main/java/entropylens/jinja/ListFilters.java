package entropylens.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Filters of lists.
final class ListFilters {
    static final Map<String, Filters.Filter> ALL =
            Map.ofEntries(
                    Map.entry("list", (value, given, run) -> Values.list(value, run.budget)),
                    Map.entry("first", (value, given, run) -> first(value)),
                    Map.entry("last", (value, given, run) -> last(value, run)),
                    Map.entry("join", ListFilters::join),
                    Map.entry("reverse", (value, given, run) -> reverse(value, run)),
                    Map.entry("sort", ListFilters::sort),
                    Map.entry("dictsort", ListFilters::dictsort),
                    Map.entry("unique", ListFilters::unique),
                    Map.entry("min", (value, given, run) -> extreme(value, given, run, -1)),
                    Map.entry("max", (value, given, run) -> extreme(value, given, run, 1)),
                    Map.entry("sum", ListFilters::sum),
                    Map.entry("batch", ListFilters::batch),
                    Map.entry("slice", ListFilters::slices));

    private ListFilters() {}

    private static Object first(Object value) {
        Iterator<Object> elements = Values.iterate(value);
        return elements.hasNext()
                ? elements.next()
                : new Undefined("No first item, sequence was empty.");
    }

    private static Object last(Object value, Run run) {
        if (value instanceof Generator) {
            throw new Fault("filter 'last' takes no generator; 'list' makes a list of it");
        }
        List<Object> all = Values.list(value, run.budget);
        return all.isEmpty() ? new Undefined("No last item, sequence was empty.") : all.getLast();
    }

    private static Object join(Object value, Given given, Run run) {
        @Nullable Object[] bound = given.bind("join", "d", "attribute");
        String separator = bound[0] == null ? "" : run.str(bound[0]);
        UnaryOperator<Object> member = member(bound[1], null, run);
        StringBuilder joined = new StringBuilder();
        String before = "";
        for (Object item : Values.list(value, run.budget)) {
            joined.append(run.budget.take(before))
                    .append(run.budget.take(run.str(member.apply(item))));
            before = separator;
        }
        return joined.toString();
    }

    private static Object reverse(Object value, Run run) {
        if (Values.isString(value)) {
            return Attributes.slice(value, None.NONE, None.NONE, -1L, run.budget);
        }
        List<Object> all = Values.list(value, run.budget);
        Collections.reverse(all);
        return value instanceof Generator ? all : new Generator(all.iterator());
    }

    /// `attribute`, `a.b` or the number of an item, of a value; without one, the value.
    ///
    /// @param otherwise in the place of what is undefined, unless null
    static UnaryOperator<Object> member(
            @Nullable Object attribute, @Nullable Object otherwise, Run run) {
        if (attribute == null || attribute == None.NONE) {
            return value -> value;
        }
        List<Object> steps = new ArrayList<>();
        if (attribute instanceof Long) {
            steps.add(attribute);
        } else {
            for (String step : Values.string(attribute, "an attribute").split("\\.", -1)) {
                steps.add(step.matches("\\d{1,9}") ? (Object) Long.valueOf(step) : step);
            }
        }
        return value -> {
            Object member = value;
            for (Object step : steps) {
                member = Attributes.item(member, step, run.budget);
                if (otherwise != null && member instanceof Undefined) {
                    member = otherwise;
                }
            }
            return member;
        };
    }

    private static Object folded(Object value, boolean caseSensitive) {
        return !caseSensitive && Values.isString(value)
                ? Characters.lower(Values.string(value, ""))
                : value;
    }

    private static boolean flag(@Nullable Object value) {
        return value != null && Values.isTrue(value);
    }

    /// Comparing is counted: a comparison may be long.
    private static List<Object> sorted(
            List<Object> items, UnaryOperator<Object> key, boolean reversed, Run run) {
        Comparator<Object> order =
                (a, b) -> {
                    run.budget.step();
                    return Comparisons.compare(key.apply(a), key.apply(b), run.budget);
                };
        List<Object> sorted = new ArrayList<>(items);
        try {
            sorted.sort(reversed ? order.reversed() : order);
        } catch (IllegalArgumentException e) {
            throw new Fault("what is sorted has no order");
        }
        return sorted;
    }

    private static Object sort(Object value, Given given, Run run) {
        @Nullable Object[] bound = given.bind("sort", "reverse", "case_sensitive", "attribute");
        if (bound[2] instanceof String several && several.indexOf(',') >= 0) {
            throw Fault.unsupported("sorting by several attributes");
        }
        UnaryOperator<Object> member = member(bound[2], null, run);
        boolean caseSensitive = flag(bound[1]);
        return sorted(
                Values.list(value, run.budget),
                item -> folded(member.apply(item), caseSensitive),
                flag(bound[0]),
                run);
    }

    private static Object dictsort(Object value, Given given, Run run) {
        @Nullable Object[] bound = given.bind("dictsort", "case_sensitive", "by", "reverse");
        if (!(value instanceof Map<?, ?> map)) {
            throw new Fault(
                    "filter 'dictsort' takes a dict, not '%s'".formatted(Values.type(value)));
        }
        String by = bound[1] == null ? "key" : Values.string(bound[1], "by of dictsort");
        if (!by.equals("key") && !by.equals("value")) {
            throw new Fault("dictsort sorts by 'key' or 'value', not by '%s'".formatted(by));
        }
        int part = by.equals("key") ? 0 : 1;
        boolean caseSensitive = flag(bound[0]);
        run.budget.take(map.size());
        return sorted(
                View.pairs(map),
                pair -> folded(((Tuple) pair).items().get(part), caseSensitive),
                flag(bound[2]),
                run);
    }

    private static Object unique(Object value, Given given, Run run) {
        @Nullable Object[] bound = given.bind("unique", "case_sensitive", "attribute");
        UnaryOperator<Object> member = member(bound[1], null, run);
        Set<Object> seen = new HashSet<>();
        List<Object> kept = new ArrayList<>();
        for (Object item : Values.list(value, run.budget)) {
            if (seen.add(Values.key(folded(member.apply(item), flag(bound[0]))))) {
                kept.add(item);
            }
        }
        return new Generator(kept.iterator());
    }

    private static Object extreme(Object value, Given given, Run run, int sign) {
        @Nullable Object[] bound = given.bind("min or max", "case_sensitive", "attribute");
        UnaryOperator<Object> member = member(bound[1], null, run);
        Object best = null;
        for (Object item : Values.list(value, run.budget)) {
            if (best == null
                    || sign
                                    * Comparisons.compare(
                                            folded(member.apply(item), flag(bound[0])),
                                            folded(member.apply(best), flag(bound[0])),
                                            run.budget)
                            > 0) {
                best = item;
            }
        }
        return best == null ? new Undefined("No aggregated item, sequence was empty.") : best;
    }

    private static Object sum(Object value, Given given, Run run) {
        @Nullable Object[] bound = given.bind("sum", "attribute", "start");
        UnaryOperator<Object> member = member(bound[0], null, run);
        Object sum = bound[1] == null ? 0L : bound[1];
        if (Values.isString(sum)) {
            throw new Fault("sum() can't sum strings");
        }
        for (Object item : Values.list(value, run.budget)) {
            sum = Operators.apply("+", sum, member.apply(item), run.budget);
        }
        return sum;
    }

    private static Object batch(Object value, Given given, Run run) {
        @Nullable Object[] bound = given.bind("batch", "linecount", "fill_with");
        int size = bound[0] == null ? 0 : Values.index(bound[0], "the size of a batch");
        if (size < 1) {
            throw new Fault("batch needs a size of at least 1");
        }
        List<Object> batches = new ArrayList<>();
        List<Object> all = Values.list(value, run.budget);
        for (int from = 0; from < all.size(); from += size) {
            List<Object> batch =
                    new ArrayList<>(
                            all.subList(from, (int) Math.min((long) from + size, all.size())));
            run.budget.take(size);
            while (bound[1] != null && bound[1] != None.NONE && batch.size() < size) {
                batch.add(bound[1]);
            }
            batches.add(batch);
        }
        return new Generator(batches.iterator());
    }

    private static Object slices(Object value, Given given, Run run) {
        @Nullable Object[] bound = given.bind("slice", "slices", "fill_with");
        int count = bound[0] == null ? 0 : Values.index(bound[0], "the number of slices");
        if (count < 1) {
            throw new Fault("slice needs at least one");
        }
        run.budget.take(count);
        List<Object> all = Values.list(value, run.budget);
        Map<Integer, Object> slices = new LinkedHashMap<>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            boolean longer = i < all.size() % count;
            int to = from + all.size() / count + (longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(all.subList(from, to));
            if (!longer && bound[1] != null && bound[1] != None.NONE) {
                slice.add(bound[1]);
            }
            slices.put(i, slice);
            from = to;
        }
        return new Generator(slices.values().iterator());
    }
}
