package entropylens.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An expression, as it was parsed.
sealed interface Expression {
    record Constant(Object value) implements Expression {}

    record Name(String name, int line) implements Expression {}

    /// A list or a tuple.
    record Items(List<Expression> items, boolean tuple) implements Expression {}

    record Pairs(List<Pair> pairs) implements Expression {}

    record Pair(Expression key, Expression value) {}

    /// `of.name`
    record Attribute(Expression of, String name, int line) implements Expression {}

    /// `of[key]`
    record Item(Expression of, Expression key, int line) implements Expression {}

    /// `from:to:step` in square brackets.
    record Slice(@Nullable Expression from, @Nullable Expression to, @Nullable Expression step)
            implements Expression {}

    record Call(Expression callee, Arguments arguments, int line) implements Expression {}

    /// `of|name(...)`; of a filter block, what it is applied to is given when it is evaluated.
    record Filter(@Nullable Expression of, String name, Arguments arguments, int line)
            implements Expression {}

    /// `of is name(...)`
    record Test(Expression of, String name, Arguments arguments, int line) implements Expression {}

    record Negative(Expression of, int line) implements Expression {}

    record Positive(Expression of, int line) implements Expression {}

    record Binary(String operator, Expression left, Expression right, int line)
            implements Expression {}

    record Comparison(Expression first, List<Relation> relations, int line) implements Expression {}

    record Relation(String relation, Expression with) {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Not(Expression of) implements Expression {}

    /// `a ~ b ~ c`
    record Concatenation(List<Expression> parts) implements Expression {}

    /// `then if test else otherwise`
    record Conditional(Expression test, Expression then, @Nullable Expression otherwise, int line)
            implements Expression {}

    /// Arguments of a call.
    ///
    /// @param rest behind `*`
    /// @param namedRest behind `**`
    record Arguments(
            List<Expression> positional,
            Map<String, Expression> named,
            @Nullable Expression rest,
            @Nullable Expression namedRest) {
        static final Arguments NONE = new Arguments(List.of(), Map.of(), null, null);
    }
}
