package entropylens.jinja;

import entropylens.jinja.Expression.Arguments;
import entropylens.jinja.Expression.Pair;
import entropylens.jinja.Expression.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Evaluates expressions.
final class Evaluator {
    private final Run run;
    private final Budget budget;

    Evaluator(Run run) {
        this.run = run;
        this.budget = run.budget;
    }

    Object value(Expression expression, Scope scope) {
        budget.enter();
        Object value = evaluate(expression, scope);
        budget.leave();
        return value;
    }

    private Object evaluate(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Constant(Object value) -> value;
            case Expression.Name(String name, int line) -> {
                run.line = line;
                yield scope.get(name);
            }
            case Expression.Items(List<Expression> items, boolean tuple) -> {
                List<Object> values = values(items, scope);
                yield tuple ? new Tuple(values) : values;
            }
            case Expression.Pairs(List<Pair> pairs) -> dict(pairs, scope);
            case Expression.Attribute(Expression of, String name, int line) -> {
                Object value = value(of, scope);
                run.line = line;
                yield Attributes.attribute(value, name, budget);
            }
            case Expression.Item(Expression of, Expression key, int line) ->
                    item(of, key, line, scope);
            case Expression.Slice slice -> throw new Fault("a slice inside of a tuple");
            case Expression.Call call -> call(call, scope, Map.of());
            case Expression.Filter filter -> {
                Object of = value(Objects.requireNonNull(filter.of()), scope);
                yield applied(filter, of, scope);
            }
            case Expression.Test test -> {
                Object of = value(test.of(), scope);
                Given given = given(test.arguments(), scope, Map.of());
                run.line = test.line();
                yield Tests.apply(test.name(), of, given, run);
            }
            case Expression.Negative(Expression of, int line) ->
                    Operators.negative(value(of, scope));
            case Expression.Positive(Expression of, int line) ->
                    Operators.positive(value(of, scope));
            case Expression.Binary(
                            String operator,
                            Expression left,
                            Expression right,
                            int line) -> {
                Object a = value(left, scope);
                Object b = value(right, scope);
                run.line = line;
                yield Operators.apply(operator, a, b, budget);
            }
            case Expression.Comparison comparison -> comparison(comparison, scope);
            case Expression.And(Expression left, Expression right) -> {
                Object first = value(left, scope);
                yield Values.isTrue(first) ? value(right, scope) : first;
            }
            case Expression.Or(Expression left, Expression right) -> {
                Object first = value(left, scope);
                yield Values.isTrue(first) ? first : value(right, scope);
            }
            case Expression.Not(Expression of) -> !Values.isTrue(value(of, scope));
            case Expression.Concatenation(List<Expression> parts) -> {
                StringBuilder text = new StringBuilder();
                for (Expression part : parts) {
                    text.append(budget.take(run.str(value(part, scope))));
                }
                yield text.toString();
            }
            case Expression.Conditional conditional -> conditional(conditional, scope);
        };
    }

    private List<Object> values(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>();
        for (Expression expression : expressions) {
            values.add(value(expression, scope));
        }
        return values;
    }

    private Object dict(List<Pair> pairs, Scope scope) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Pair pair : pairs) {
            Object key = Values.key(value(pair.key(), scope));
            map.put(key, value(pair.value(), scope));
        }
        return map;
    }

    private Object item(Expression of, Expression key, int line, Scope scope) {
        Object value = value(of, scope);
        if (key instanceof Expression.Slice(var from, var to, var step)) {
            Object begin = bound(from, scope);
            Object end = bound(to, scope);
            Object stride = bound(step, scope);
            run.line = line;
            return Attributes.slice(value, begin, end, stride, budget);
        }
        Object at = value(key, scope);
        run.line = line;
        return Attributes.item(value, at, budget);
    }

    private Object bound(@Nullable Expression bound, Scope scope) {
        return bound == null ? None.NONE : value(bound, scope);
    }

    private Object comparison(Expression.Comparison comparison, Scope scope) {
        Object left = value(comparison.first(), scope);
        for (Relation relation : comparison.relations()) {
            Object right = value(relation.with(), scope);
            run.line = comparison.line();
            if (!Comparisons.related(relation.relation(), left, right, budget)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object conditional(Expression.Conditional conditional, Scope scope) {
        if (Values.isTrue(value(conditional.test(), scope))) {
            return value(conditional.then(), scope);
        }
        return conditional.otherwise() == null
                ? new Undefined(
                        "the inline if-expression on line %d evaluated to false and no else section was defined."
                                .formatted(conditional.line()))
                : value(conditional.otherwise(), scope);
    }

    /// @param more arguments by name, beside those that are written
    Object call(Expression.Call call, Scope scope, Map<String, Object> more) {
        Object callee = value(call.callee(), scope);
        Given given = given(call.arguments(), scope, more);
        run.line = call.line();
        Object result =
                switch (callee) {
                    case Callable callable -> callable.call(given);
                    case LoopState loop -> loop.recursion().call(given);
                    case Undefined undefined -> throw undefined.fault();
                    default ->
                            throw new Fault(
                                    "'%s' object is not callable".formatted(Values.type(callee)));
                };
        run.line = call.line();
        return result;
    }

    private Given given(Arguments arguments, Scope scope, Map<String, Object> more) {
        List<Object> positional = values(arguments.positional(), scope);
        Map<String, Object> named = new LinkedHashMap<>();
        arguments.named().forEach((name, value) -> named.put(name, value(value, scope)));
        if (arguments.rest() != null) {
            positional.addAll(Values.list(value(arguments.rest(), scope), budget));
        }
        if (arguments.namedRest() != null) {
            if (!(value(arguments.namedRest(), scope) instanceof Map<?, ?> map)) {
                throw new Fault("what stands behind ** must be a dict");
            }
            map.forEach((key, value) -> named.put(Values.string(key, "a name behind **"), value));
        }
        named.putAll(more);
        return new Given(positional, named);
    }

    /// A filter, and those before it, applied to the text of a block.
    Object filtered(Expression.Filter filter, String text, Scope scope) {
        Object of =
                filter.of() instanceof Expression.Filter before
                        ? filtered(before, text, scope)
                        : text;
        return applied(filter, of, scope);
    }

    private Object applied(Expression.Filter filter, Object of, Scope scope) {
        Given given = given(filter.arguments(), scope, Map.of());
        run.line = filter.line();
        return Filters.apply(filter.name(), of, given, run);
    }
}
