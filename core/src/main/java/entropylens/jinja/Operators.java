package entropylens.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Python's arithmetic on values.
final class Operators {
    private Operators() {}

    /// Whole numbers have 64 bits here, and as many as they need in Python.
    static long exact(LongSupplier calculation) {
        try {
            return calculation.getAsLong();
        } catch (ArithmeticException e) {
            throw Fault.unsupported("an integer of more than 64 bits");
        }
    }

    static Object apply(String operator, Object left, Object right, Budget budget) {
        refuseUndefined(left);
        refuseUndefined(right);
        if (operator.equals("%") && Values.isString(left)) {
            return PercentFormat.format(Values.string(left, ""), right, budget);
        }
        if (isNumber(left) && isNumber(right)) {
            return left instanceof Double || right instanceof Double || operator.equals("/")
                    ? reals(operator, real(left), real(right))
                    : wholes(operator, whole(left), whole(right));
        }
        return switch (operator) {
            case "+" -> joined(left, right, budget);
            case "*" -> repeated(left, right, budget);
            default -> throw unsupported(operator, left, right);
        };
    }

    static void refuseUndefined(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
    }

    private static Fault unsupported(String operator, Object left, Object right) {
        return new Fault(
                "operator %s does not take '%s' and '%s'"
                        .formatted(operator, Values.type(left), Values.type(right)));
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static double real(Object number) {
        return number instanceof Double real ? real : whole(number);
    }

    static long whole(Object number) {
        return number instanceof Boolean flag ? flag ? 1 : 0 : (Long) number;
    }

    private static Object wholes(String operator, long left, long right) {
        if ((operator.equals("//") || operator.equals("%")) && right == 0) {
            throw new Fault("integer division or modulo by zero");
        }
        if (operator.equals("**") && right < 0) {
            return reals(operator, left, right);
        }
        return exact(() ->
                switch (operator) {
                    case "+" -> Math.addExact(left, right);
                    case "-" -> Math.subtractExact(left, right);
                    case "*" -> Math.multiplyExact(left, right);
                    case "//" -> Math.floorDivExact(left, right);
                    case "%" -> right == -1 ? 0 : Math.floorMod(left, right);
                    case "**" -> power(left, right);
                    default -> throw new AssertionError(operator);
                });
    }

    private static long power(long base, long exponent) {
        if (base == 0 || base == 1) {
            return exponent == 0 ? 1 : base;
        }
        if (base == -1) {
            return exponent % 2 == 0 ? 1 : -1;
        }
        long power = 1;
        for (long i = 0; i < exponent; i++) { // ends after 63 rounds at the latest
            power = Math.multiplyExact(power, base);
        }
        return power;
    }

    private static Object reals(String operator, double left, double right) {
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new Fault("division by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            case "**" -> Math.pow(left, right);
            default -> throw new AssertionError(operator);
        };
    }

    private static Object joined(Object left, Object right, Budget budget) {
        if (left instanceof String a && right instanceof String b) {
            budget.take((long) a.length() + b.length());
            return a + b;
        }
        if (Values.isString(left) && Values.isString(right)) {
            return new Markup(budget.take(escaped(left) + escaped(right)));
        }
        boolean lists = isList(left) && isList(right);
        if (lists || left instanceof Tuple && right instanceof Tuple) {
            List<Object> all = Values.list(left, budget);
            all.addAll(Values.list(right, budget));
            return lists ? all : new Tuple(all);
        }
        throw unsupported("+", left, right);
    }

    static boolean isList(Object value) {
        return value instanceof List<?> && !(value instanceof Range);
    }

    private static String escaped(Object value) {
        return value instanceof Markup(String text)
                ? text
                : Markup.escape(Values.string(value, "a text"));
    }

    private static Object repeated(Object left, Object right, Budget budget) {
        if (left instanceof Long || left instanceof Boolean) {
            return repeated(right, left, budget);
        }
        if (!(right instanceof Long || right instanceof Boolean)) {
            throw unsupported("*", left, right);
        }
        int times = (int) Math.clamp(whole(right), 0, Integer.MAX_VALUE);
        return switch (left) {
            case String text -> repeated(text, times, budget);
            case Markup(String text) -> new Markup(repeated(text, times, budget));
            case List<?> list when isList(list) ->
                    repeated(Values.list(list, budget), times, budget);
            case Tuple(List<Object> items) -> new Tuple(repeated(items, times, budget));
            default -> throw unsupported("*", left, right);
        };
    }

    static String repeated(String text, int times, Budget budget) {
        budget.take((long) text.length() * times);
        return text.repeat(times);
    }

    private static List<Object> repeated(List<Object> items, int times, Budget budget) {
        budget.take((long) items.size() * times);
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < times && !items.isEmpty(); i++) {
            all.addAll(items);
        }
        return all;
    }

    static Object negative(Object value) {
        refuseUndefined(value);
        if (value instanceof Double number) {
            return -number;
        }
        return exact(() -> Math.negateExact(Values.integer(value, "what is negated")));
    }

    static Object positive(Object value) {
        refuseUndefined(value);
        return value instanceof Double
                ? value
                : (Object) Values.integer(value, "what stands behind +");
    }
}
