package entropylens.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// How values compare in Python: what is equal, what comes first, what is in what.
final class Comparisons {
    private Comparisons() {}

    static boolean equal(Object left, Object right, Budget budget) {
        budget.enter();
        boolean equal =
                switch (left) {
                    case Undefined undefined -> right instanceof Undefined;
                    case String text -> Values.isString(right) && textEqual(text, right, budget);
                    case Markup(String text) ->
                            Values.isString(right) && textEqual(text, right, budget);
                    case Tuple(List<Object> items) ->
                            right instanceof Tuple(List<Object> others)
                                    && listEqual(items, others, budget);
                    case List<?> list ->
                            right instanceof List<?> other
                                    && list instanceof Range == other instanceof Range
                                    && listEqual(list, other, budget);
                    case Map<?, ?> map ->
                            right instanceof Map<?, ?> other && mapEqual(map, other, budget);
                    default ->
                            Operators.isNumber(left) && Operators.isNumber(right)
                                    ? numberEqual(left, right)
                                    : left == right;
                };
        budget.leave();
        return equal;
    }

    private static boolean numberEqual(Object left, Object right) {
        return left instanceof Double || right instanceof Double
                ? Operators.real(left) == Operators.real(right)
                : Operators.whole(left) == Operators.whole(right);
    }

    private static boolean textEqual(String text, Object other, Budget budget) {
        budget.take(text.length() / 64);
        return text.equals(Values.string(other, ""));
    }

    private static boolean listEqual(List<?> left, List<?> right, Budget budget) {
        if (left.size() != right.size()) {
            return false;
        }
        Iterator<?> others = right.iterator();
        for (Object item : left) {
            if (!equal(item, others.next(), budget)) {
                return false;
            }
        }
        return true;
    }

    private static boolean mapEqual(Map<?, ?> left, Map<?, ?> right, Budget budget) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : left.entrySet()) {
            Object other = right.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other, budget)) {
                return false;
            }
        }
        return true;
    }

    /// Less than 0, 0 or more, where the two have an order.
    static int compare(Object left, Object right, Budget budget) {
        Operators.refuseUndefined(left);
        Operators.refuseUndefined(right);
        budget.enter();
        int order;
        if (Operators.isNumber(left) && Operators.isNumber(right)) {
            order =
                    left instanceof Double || right instanceof Double
                            ? Double.compare(Operators.real(left), Operators.real(right))
                            : Long.compare(Operators.whole(left), Operators.whole(right));
        } else if (Values.isString(left) && Values.isString(right)) {
            order = compare(Values.string(left, ""), Values.string(right, ""), budget);
        } else if (Operators.isList(left) && Operators.isList(right)
                || left instanceof Tuple && right instanceof Tuple) {
            order = compare(Values.list(left, budget), Values.list(right, budget), budget);
        } else {
            throw new Fault(
                    "'%s' and '%s' have no order".formatted(Values.type(left), Values.type(right)));
        }
        budget.leave();
        return order;
    }

    /// By code points: what Java compares is units of UTF-16.
    private static int compare(String left, String right, Budget budget) {
        int shorter = Math.min(left.length(), right.length());
        budget.take(shorter / 16);
        for (int i = 0; i < shorter; i++) {
            if (left.charAt(i) != right.charAt(i)) {
                return Integer.compare(left.codePointAt(i), right.codePointAt(i));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    private static int compare(List<Object> left, List<Object> right, Budget budget) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!equal(left.get(i), right.get(i), budget)) {
                return compare(left.get(i), right.get(i), budget);
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    /// `left in right`.
    static boolean in(Object left, Object right, Budget budget) {
        if (Values.isString(right)) {
            String text = Values.string(right, "");
            String part = Values.string(left, "what is looked for in a text");
            budget.search(text, part);
            return text.contains(part);
        }
        if (right instanceof Map<?, ?> map) {
            return map.containsKey(Values.key(left));
        }
        for (Iterator<Object> items = Values.iterate(right); items.hasNext(); ) {
            if (equal(items.next(), left, budget)) {
                return true;
            }
        }
        return false;
    }

    static boolean related(String relation, Object left, Object right, Budget budget) {
        return switch (relation) {
            case "==" -> equal(left, right, budget);
            case "!=" -> !equal(left, right, budget);
            case "in" -> in(left, right, budget);
            case "not in" -> !in(left, right, budget);
            case "<" -> compare(left, right, budget) < 0;
            case "<=" -> compare(left, right, budget) <= 0;
            case ">" -> compare(left, right, budget) > 0;
            case ">=" -> compare(left, right, budget) >= 0;
            default -> throw new AssertionError(relation);
        };
    }
}
