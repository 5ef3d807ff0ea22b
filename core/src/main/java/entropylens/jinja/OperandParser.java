package entropylens.jinja;

import entropylens.jinja.Expression.Arguments;
import entropylens.jinja.Expression.Pair;
import entropylens.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses what stands between operators: names, literals, brackets, and what is bound to them
/// tighter than any operator.
final class OperandParser {
    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private Set<String> names = new HashSet<>();

    OperandParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /// The names that were read so far.
    Set<String> names() {
        return Set.copyOf(names);
    }

    /// The names that were read while `parsing`, which are also counted among those around it.
    Set<String> namesOf(Runnable parsing) {
        Set<String> outer = names;
        names = new HashSet<>();
        parsing.run();
        Set<String> inner = names;
        names = outer;
        names.addAll(inner);
        return inner;
    }

    /// A name, a literal, or what stands in brackets.
    Expression primary() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> name(tokens.next());
            case STRING -> strings();
            case INTEGER -> whole(tokens.next().text());
            case FLOAT ->
                    new Expression.Constant(Double.valueOf(tokens.next().text().replace("_", "")));
            default -> {
                if (tokens.skipOperator("(")) {
                    Expression inside =
                            expressions.tupleOrExpression(expressions::expression, true);
                    tokens.expectOperator(")");
                    yield inside;
                }
                if (tokens.skipOperator("[")) {
                    yield new Expression.Items(list(), false);
                }
                if (tokens.skipOperator("{")) {
                    yield new Expression.Pairs(pairs());
                }
                throw tokens.unexpected("an expression");
            }
        };
    }

    private Expression name(Token name) {
        return switch (name.text()) {
            case "true", "True" -> new Expression.Constant(true);
            case "false", "False" -> new Expression.Constant(false);
            case "none", "None" -> new Expression.Constant(None.NONE);
            default -> {
                names.add(name.text());
                yield new Expression.Name(name.text(), name.line());
            }
        };
    }

    private Expression strings() {
        StringBuilder text = new StringBuilder();
        while (tokens.current().kind() == Kind.STRING) {
            text.append(tokens.next().text());
        }
        return new Expression.Constant(text.toString());
    }

    private static Expression whole(String digits) {
        Long value = Numbers.whole(digits.replace("_", ""), 0);
        if (value == null) {
            throw new Fault("'%s' is no number".formatted(digits));
        }
        return new Expression.Constant(value);
    }

    private List<Expression> list() {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("]")) {
                    break;
                }
            }
            items.add(expressions.expression());
        }
        return items;
    }

    private List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!pairs.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            Expression key = expressions.expression();
            tokens.expectOperator(":");
            pairs.add(new Pair(key, expressions.expression()));
        }
        return pairs;
    }

    /// `.name`, `[...]` and calls behind a value.
    Expression postfix(Expression of) {
        Expression value = of;
        while (true) {
            int line = tokens.line();
            if (tokens.skipOperator(".")) {
                value = member(value, line);
            } else if (tokens.skipOperator("[")) {
                value = new Expression.Item(value, subscript(), line);
            } else if (tokens.isOperator("(")) {
                value = new Expression.Call(value, arguments(), line);
            } else {
                return value;
            }
        }
    }

    private Expression member(Expression of, int line) {
        return tokens.current().kind() == Kind.INTEGER
                ? new Expression.Item(of, whole(tokens.next().text()), line)
                : new Expression.Attribute(of, tokens.expectName(), line);
    }

    private Expression subscript() {
        List<Expression> keys = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
            }
            keys.add(slice());
        }
        return keys.size() == 1 ? keys.getFirst() : new Expression.Items(keys, true);
    }

    private Expression slice() {
        Expression from = tokens.isOperator(":") ? null : expressions.expression();
        if (!tokens.skipOperator(":")) {
            return Objects.requireNonNull(from);
        }
        Expression to = bound();
        Expression step = tokens.skipOperator(":") ? bound() : null;
        return new Expression.Slice(from, to, step);
    }

    private @Nullable Expression bound() {
        return tokens.isOperator(":") || tokens.isOperator("]") || tokens.isOperator(",")
                ? null
                : expressions.expression();
    }

    /// `(...)` of a call.
    Arguments arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Expression rest = null;
        Expression namedRest = null;
        boolean first = true;
        while (!tokens.skipOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.isOperator("*") && rest == null && namedRest == null) {
                tokens.next();
                rest = expressions.expression();
            } else if (tokens.isOperator("**") && namedRest == null) {
                tokens.next();
                namedRest = expressions.expression();
            } else if (tokens.current().kind() == Kind.NAME && tokens.behind().isOperator("=")) {
                named(named, namedRest == null);
            } else if (rest == null && namedRest == null && named.isEmpty()) {
                positional.add(expressions.expression());
            } else {
                throw new Fault("arguments of a call in a wrong order");
            }
        }
        return new Arguments(positional, named, rest, namedRest);
    }

    private void named(Map<String, Expression> named, boolean allowed) {
        String name = tokens.expectName();
        tokens.expectOperator("=");
        if (!allowed || named.containsKey(name)) {
            throw new Fault("argument '%s' of a call is repeated or misplaced".formatted(name));
        }
        named.put(name, expressions.expression());
    }
}
