package entropylens.jinja;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a template is made of: each construct with the names that it is used with.
final class Constructs {
    private static final Set<String> GLOBALS =
            Set.of("namespace", "strftime_now", "raise_exception");

    private final Map<String, Set<String>> found = new TreeMap<>();

    private Constructs() {}

    static Constructs of(TemplateGolden template) {
        Constructs constructs = new Constructs();
        constructs.walk(
                new StatementParser(
                                new TokenStream(Lexer.tokens(template.source(), template.name())))
                        .all(template.name()));
        return constructs;
    }

    /// How many different names a construct is used with: filters, tests, methods.
    int count(String construct) {
        return found.getOrDefault(construct, Set.of()).size();
    }

    boolean has(String construct) {
        return found.containsKey(construct);
    }

    private void add(String construct, String name) {
        found.computeIfAbsent(construct, _ -> new TreeSet<>()).add(name);
    }

    private void walk(Object node) {
        switch (node) {
            case Collection<?> nodes -> nodes.forEach(this::walk);
            case Map<?, ?> nodes -> nodes.values().forEach(this::walk);
            case Record record -> {
                note(record);
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    Object part = part(record, component);
                    if (part != null) {
                        walk(part);
                    }
                }
            }
            default -> {
                // a text, a number: no node
            }
        }
    }

    private static Object part(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new AssertionError(e);
        }
    }

    private void note(Record node) {
        switch (node) {
            case Statement.For loop -> add(loop.recursive() ? "recursion" : "for", "");
            case Statement.Break _, Statement.Continue _ -> add("break, continue", "");
            case Statement.Define macro -> add("macros", macro.name());
            case Statement.CallBlock _ -> add("call blocks", "");
            case Statement.AssignBlock _, Statement.FilterBlock _, Statement.With _ ->
                    add("set, filter, with blocks", "");
            case Statement.Generation _ -> add("generation", "");
            case Expression.Filter filter -> add("filters", filter.name());
            case Expression.Test test -> add("tests", test.name());
            case Expression.Slice _ -> add("slices", "");
            case Expression.Call(Expression.Attribute callee, _, _) ->
                    add("methods", callee.name());
            case Expression.Call(Expression.Name callee, _, _)
                    when GLOBALS.contains(callee.name()) ->
                    add(callee.name(), "");
            case Expression.Name name when name.name().equals("tools") -> add("tools", "");
            default -> {
                // nothing that templates differ in
            }
        }
    }
}
