package entropylens.jinja;

import java.util.List;
import java.util.Map;

/// What stands behind `is`.
final class Tests {
    private Tests() {}

    static boolean apply(String name, Object value, Given given, Run run) {
        return switch (name) {
            case "==", "eq", "equalto" -> related("==", value, given, run);
            case "!=", "ne" -> related("!=", value, given, run);
            case "<", "lt", "lessthan" -> related("<", value, given, run);
            case "<=", "le" -> related("<=", value, given, run);
            case ">", "gt", "greaterthan" -> related(">", value, given, run);
            case ">=", "ge" -> related(">=", value, given, run);
            case "in" -> related("in", value, given, run);
            case "divisibleby" -> divisible(value, given.require("divisibleby", "num")[0], run);
            case "sameas" -> same(value, given.require("sameas", "other")[0]);
            default -> {
                given.requireNone("test '" + name + "'");
                yield plain(name, value);
            }
        };
    }

    private static boolean related(String relation, Object value, Given given, Run run) {
        Object other = given.require("test '" + relation + "'", "other")[0];
        return Comparisons.related(relation, value, other, run.budget);
    }

    private static boolean divisible(Object value, Object by, Run run) {
        Object rest = Operators.apply("%", value, by, run.budget);
        return Operators.isNumber(rest) && Operators.real(rest) == 0;
    }

    /// One object in Python; of small numbers and texts, which may or may not be one, an equal one.
    private static boolean same(Object value, Object other) {
        return value == other
                || value.getClass() == other.getClass()
                        && !(value instanceof List<?> || value instanceof Map<?, ?>)
                        && value.equals(other);
    }

    private static boolean plain(String name, Object value) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "boolean" -> value instanceof Boolean;
            case "true" -> value instanceof Boolean flag && flag;
            case "false" -> value instanceof Boolean flag && !flag;
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Operators.isNumber(value);
            case "string" -> Values.isString(value);
            case "mapping" -> value instanceof Map<?, ?>;
            case "iterable" -> Values.isIterable(value);
            case "sequence" -> isSequence(value);
            case "callable" ->
                    value instanceof Callable
                            || value instanceof LoopState
                            || value instanceof Undefined;
            case "odd" -> Values.integer(value, "what is odd or not") % 2 != 0;
            case "even" -> Values.integer(value, "what is even or not") % 2 == 0;
            case "lower" -> {
                String text = Values.string(value, "what is lower or not");
                yield text.equals(Characters.lower(text))
                        && text.codePoints().anyMatch(Characters::isCased);
            }
            case "upper" -> {
                String text = Values.string(value, "what is upper or not");
                yield text.equals(Characters.upper(text))
                        && text.codePoints().anyMatch(Characters::isCased);
            }
            case "escaped" -> value instanceof Markup;
            case "filter" -> Filters.has(Values.string(value, "the name of a filter"));
            case "test" -> throw Fault.unsupported("test 'test'");
            default -> throw new Fault("there is no test '%s'".formatted(name));
        };
    }

    /// What has a length and items: not what `keys()` and its like return.
    private static boolean isSequence(Object value) {
        return Values.hasLength(value) && !(value instanceof View) && !(value instanceof LoopState);
    }
}
