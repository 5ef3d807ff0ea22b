package entropylens.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Filters that do something with each element, when it is asked for: `map`, `select` and their
/// like.
final class EachFilters {
    static final Map<String, Filters.Filter> ALL =
            Map.of(
                    "map", EachFilters::map,
                    "select", (value, given, run) -> chosen(value, given, run, false, true),
                    "reject", (value, given, run) -> chosen(value, given, run, false, false),
                    "selectattr", (value, given, run) -> chosen(value, given, run, true, true),
                    "rejectattr", (value, given, run) -> chosen(value, given, run, true, false));

    private EachFilters() {}

    private static Object map(Object value, Given given, Run run) {
        if (!Values.isTrue(value)) {
            return new Generator(List.of().iterator());
        }
        UnaryOperator<Object> function = function(given, run);
        Iterator<Object> elements = Values.iterate(value);
        return new Generator(
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return elements.hasNext();
                    }

                    @Override
                    public Object next() {
                        run.budget.step();
                        return function.apply(elements.next());
                    }
                });
    }

    private static UnaryOperator<Object> function(Given given, Run run) {
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        if (given.positional().isEmpty()) {
            Object attribute = named.remove("attribute");
            Object otherwise = named.remove("default");
            if (attribute == null || !named.isEmpty()) {
                throw new Fault("map needs the name of a filter, or attribute=");
            }
            return ListFilters.member(attribute, otherwise, run);
        }
        String filter = Values.string(given.positional().getFirst(), "the filter of map");
        Given rest = new Given(behind(given, 1), named);
        return item -> Filters.apply(filter, item, rest, run);
    }

    private static List<Object> behind(Given given, int count) {
        return new ArrayList<>(given.positional().subList(count, given.positional().size()));
    }

    private static Object chosen(
            Object value, Given given, Run run, boolean byAttribute, boolean wanted) {
        if (!Values.isTrue(value)) {
            return new Generator(List.of().iterator());
        }
        int first = byAttribute ? 1 : 0;
        if (given.positional().size() < first) {
            throw new Fault("selectattr and rejectattr need an attribute");
        }
        UnaryOperator<Object> member =
                ListFilters.member(byAttribute ? given.positional().getFirst() : null, null, run);
        Predicate<Object> test = test(given, first, run);
        return new Generator(
                new Chosen(
                        Values.iterate(value),
                        item -> {
                            run.budget.step();
                            return test.test(member.apply(item)) == wanted;
                        }));
    }

    private static Predicate<Object> test(Given given, int at, Run run) {
        if (given.positional().size() <= at) {
            return Values::isTrue;
        }
        String test = Values.string(given.positional().get(at), "the name of a test");
        Given rest = new Given(behind(given, at + 1), given.named());
        return item -> Tests.apply(test, item, rest, run);
    }

    /// The elements that pass.
    private static final class Chosen implements Iterator<Object> {
        private final Iterator<Object> elements;
        private final Predicate<Object> test;
        private @Nullable Object next;

        Chosen(Iterator<Object> elements, Predicate<Object> test) {
            this.elements = elements;
            this.test = test;
        }

        @Override
        public boolean hasNext() {
            while (next == null && elements.hasNext()) {
                Object element = elements.next();
                next = test.test(element) ? element : null;
            }
            return next != null;
        }

        @Override
        public Object next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            Object element = next;
            next = null;
            return element;
        }
    }
}
