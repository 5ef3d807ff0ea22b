package entropylens.jinja;

import entropylens.jinja.Expression.Arguments;
import entropylens.jinja.Expression.Relation;
import entropylens.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Parses expressions with the precedence of Jinja2.
final class ExpressionParser {
    /// Parentheses, lists and calls inside each other.
    private static final int MAX_DEPTH = 60;

    private static final Set<String> RELATIONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream tokens;
    private int depth;

    private final OperandParser operands;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    Set<String> names() {
        return operands.names();
    }

    /// The names that are read while `parsing`.
    Set<String> namesOf(Runnable parsing) {
        return operands.namesOf(parsing);
    }

    Expression expression() {
        if (++depth > MAX_DEPTH) {
            throw new Fault("more than %d expressions inside each other".formatted(MAX_DEPTH));
        }
        Expression expression = conditional();
        depth--;
        return expression;
    }

    /// An expression, or several with commas between them, which are a tuple.
    Expression tupleOrExpression(Supplier<Expression> element, boolean mayBeEmpty) {
        List<Expression> items = new ArrayList<>();
        boolean tuple = false;
        while (!atEndOfTuple()) {
            items.add(element.get());
            if (!tokens.skipOperator(",")) {
                break;
            }
            tuple = true;
        }
        if (!tuple && items.size() == 1) {
            return items.getFirst();
        }
        if (items.isEmpty() && !mayBeEmpty) {
            throw tokens.unexpected("an expression");
        }
        return new Expression.Items(items, true);
    }

    Expression tupleOrExpression() {
        return tupleOrExpression(this::expression, false);
    }

    private boolean atEndOfTuple() {
        Kind kind = tokens.current().kind();
        return kind == Kind.PRINT_END || kind == Kind.TAG_END || tokens.isOperator(")");
    }

    private Expression conditional() {
        int line = tokens.line();
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression test = or();
            Expression otherwise = tokens.skipName("else") ? nested(this::conditional) : null;
            value = new Expression.Conditional(test, value, otherwise, line);
            line = tokens.line();
        }
        return value;
    }

    private Expression nested(Supplier<Expression> parsing) {
        if (++depth > MAX_DEPTH) {
            throw new Fault("more than %d expressions inside each other".formatted(MAX_DEPTH));
        }
        Expression expression = parsing.get();
        depth--;
        return expression;
    }

    /// What stands before a loop's `if`: there, `if` does not begin a conditional expression.
    Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        return tokens.skipName("not") ? new Expression.Not(nested(this::not)) : comparison();
    }

    private Expression comparison() {
        int line = tokens.line();
        Expression first = sum();
        List<Relation> relations = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Kind.OPERATOR && RELATIONS.contains(token.text())) {
                relations.add(new Relation(tokens.next().text(), sum()));
            } else if (tokens.skipName("in")) {
                relations.add(new Relation("in", sum()));
            } else if (token.isName("not") && tokens.behind().isName("in")) {
                tokens.next();
                tokens.next();
                relations.add(new Relation("not in", sum()));
            } else {
                return relations.isEmpty()
                        ? first
                        : new Expression.Comparison(first, relations, line);
            }
        }
    }

    private Expression sum() {
        return chain(this::concatenation, Set.of("+", "-"));
    }

    private Expression concatenation() {
        List<Expression> parts = new ArrayList<>(List.of(product()));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.getFirst() : new Expression.Concatenation(parts);
    }

    private Expression product() {
        return chain(this::power, Set.of("*", "/", "//", "%"));
    }

    private Expression power() {
        return chain(() -> unary(true), Set.of("**"));
    }

    private Expression chain(Supplier<Expression> operand, Set<String> operators) {
        Expression left = operand.get();
        while (tokens.current().kind() == Kind.OPERATOR
                && operators.contains(tokens.current().text())) {
            Token operator = tokens.next();
            left = new Expression.Binary(operator.text(), left, operand.get(), operator.line());
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        int line = tokens.line();
        Expression value;
        if (tokens.skipOperator("-")) {
            value = new Expression.Negative(nested(() -> unary(false)), line);
        } else if (tokens.skipOperator("+")) {
            value = new Expression.Positive(nested(() -> unary(false)), line);
        } else {
            value = operands.primary();
        }
        value = operands.postfix(value);
        return withFilters ? filtersAndTests(value) : value;
    }

    private Expression filtersAndTests(Expression of) {
        Expression value = of;
        while (true) {
            int line = tokens.line();
            if (tokens.skipOperator("|")) {
                value = filter(value);
            } else if (tokens.skipName("is")) {
                value = test(value, line);
            } else if (tokens.isOperator("(")) {
                value = new Expression.Call(value, operands.arguments(), line);
            } else {
                return value;
            }
        }
    }

    /// `name(...)` behind a `|`.
    Expression.Filter filter(@Nullable Expression of) {
        int line = tokens.line();
        String name = dotted();
        return new Expression.Filter(
                of, name, tokens.isOperator("(") ? operands.arguments() : Arguments.NONE, line);
    }

    private String dotted() {
        StringBuilder name = new StringBuilder(tokens.expectName());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expectName());
        }
        return name.toString();
    }

    private Expression test(Expression of, int line) {
        boolean negated = tokens.skipName("not");
        String name = dotted();
        Arguments arguments = Arguments.NONE;
        if (tokens.isOperator("(")) {
            arguments = operands.arguments();
        } else if (beginsArgument()) {
            if (tokens.isName("is")) {
                throw new Fault("tests with 'is' cannot be chained");
            }
            Expression argument = nested(() -> operands.postfix(operands.primary()));
            arguments = new Arguments(List.of(argument), Map.of(), null, null);
        }
        Expression test = new Expression.Test(of, name, arguments, line);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean beginsArgument() {
        return switch (tokens.current().kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !tokens.isName("else") && !tokens.isName("or") && !tokens.isName("and");
            default -> tokens.isOperator("[") || tokens.isOperator("{");
        };
    }
}
