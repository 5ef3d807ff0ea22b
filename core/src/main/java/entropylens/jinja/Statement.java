package entropylens.jinja;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A statement, as it was parsed.
sealed interface Statement {
    record Text(String text) implements Statement {}

    record Print(Expression value, int line) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    /// @param filter what elements must fulfil
    record For(
            Target target,
            Expression elements,
            @Nullable Expression filter,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Assign(Target target, Expression value, int line) implements Statement {}

    /// `{% set target %}body{% endset %}`, its text through filters.
    record AssignBlock(
            Target target, Expression.@Nullable Filter filter, List<Statement> body, int line)
            implements Statement {}

    record Define(String name, Body body, int line) implements Statement {}

    /// `{% call(...) callee(...) %}body{% endcall %}`
    record CallBlock(Expression.Call call, Body body, int line) implements Statement {}

    record FilterBlock(Expression.Filter filter, List<Statement> body, int line)
            implements Statement {}

    record With(List<Assign> variables, List<Statement> body) implements Statement {}

    /// `{% generation %}`: what an assistant said. Only its text matters here.
    record Generation(List<Statement> body) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /// What a macro or a call block does.
    ///
    /// @param uses which of `caller`, `varargs` and `kwargs` it reads
    record Body(List<Parameter> parameters, List<Statement> statements, Set<String> uses) {}

    record Parameter(String name, @Nullable Expression otherwise) {}

    /// What is assigned to.
    sealed interface Target {
        record Variable(String name) implements Target {}

        /// `namespace.attribute`
        record Member(String namespace, String attribute) implements Target {}

        record Unpacked(List<Target> targets) implements Target {}
    }
}
