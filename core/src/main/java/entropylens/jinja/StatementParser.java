package entropylens.jinja;

import entropylens.jinja.Statement.Body;
import entropylens.jinja.Statement.Branch;
import entropylens.jinja.Statement.Parameter;
import entropylens.jinja.Statement.Target;
import entropylens.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Parses a template into statements.
final class StatementParser {
    /// Blocks inside each other.
    private static final int MAX_DEPTH = 60;

    private static final Set<String> UNSUPPORTED =
            Set.of("extends", "block", "include", "import", "from", "autoescape");
    private static final Set<String> CONSTANTS =
            Set.of("true", "false", "none", "True", "False", "None");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;

    StatementParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /// All statements.
    ///
    /// @throws TemplateException when the template cannot be parsed
    List<Statement> all(String template) {
        try {
            return statements(Set.of());
        } catch (Fault e) {
            throw new TemplateException(template, tokens.line(), e);
        }
    }

    /// The names that were read in expressions.
    Set<String> names() {
        return expressions.names();
    }

    /// Statements up to a tag of one of these names, which is left to be read.
    private List<Statement> statements(Set<String> ends) {
        if (++depth > MAX_DEPTH) {
            throw new Fault("more than %d blocks inside each other".formatted(MAX_DEPTH));
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Text(token.text()));
                case PRINT_BEGIN -> {
                    Expression value = expressions.tupleOrExpression();
                    tokens.expect(Kind.PRINT_END, "'}}'");
                    statements.add(new Statement.Print(value, token.line()));
                }
                case TAG_BEGIN -> {
                    if (tokens.current().kind() == Kind.NAME
                            && ends.contains(tokens.current().text())) {
                        depth--;
                        return statements;
                    }
                    statements.add(statement());
                    tokens.expect(Kind.TAG_END, "'%}'");
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw tokens.unexpected(String.join(" or ", sorted(ends)));
                    }
                    depth--;
                    return statements;
                }
            }
        }
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().map(name -> "'" + name + "'").toList();
    }

    /// A body, and the tag behind it.
    private List<Statement> bodyUntil(String... ends) {
        tokens.skipOperator(":"); // as Python writes it
        tokens.expect(Kind.TAG_END, "'%}'");
        return statements(new LinkedHashSet<>(List.of(ends)));
    }

    private List<Statement> bodyWithEnd(String end) {
        List<Statement> body = bodyUntil(end);
        tokens.next();
        return body;
    }

    private Statement statement() {
        Token tag = tokens.expect(Kind.NAME, "the name of a tag");
        int line = tag.line();
        return switch (tag.text()) {
            case "if" -> ifs();
            case "for" -> loop(line);
            case "set" -> assign(line);
            case "macro" -> macro(line);
            case "call" -> call(line);
            case "filter" -> {
                Expression.Filter filter = filters(expressions.filter(null));
                yield new Statement.FilterBlock(filter, bodyWithEnd("endfilter"), line);
            }
            case "with" -> with(line);
            case "generation" ->
                    new Statement.Generation(outsideLoops(() -> bodyWithEnd("endgeneration")));
            case "print" -> new Statement.Print(expressions.tupleOrExpression(), line);
            case "break" -> inLoop(new Statement.Break(), "break");
            case "continue" -> inLoop(new Statement.Continue(), "continue");
            default -> throw unknown(tag.text());
        };
    }

    private static Fault unknown(String tag) {
        return UNSUPPORTED.contains(tag)
                ? Fault.unsupported("tag '" + tag + "'")
                : new Fault("unknown tag '%s'".formatted(tag));
    }

    private Statement inLoop(Statement statement, String tag) {
        if (loops == 0) {
            throw new Fault("tag '%s' outside of a loop".formatted(tag));
        }
        return statement;
    }

    /// A loop around a macro is none for what is inside the macro.
    private List<Statement> outsideLoops(Supplier<List<Statement>> body) {
        int outer = loops;
        loops = 0;
        List<Statement> statements = body.get();
        loops = outer;
        return statements;
    }

    private Statement ifs() {
        List<Branch> branches = new ArrayList<>();
        while (true) {
            Expression test = expressions.tupleOrExpression(expressions::or, false);
            branches.add(new Branch(test, bodyUntil("elif", "else", "endif")));
            String end = tokens.next().text();
            if (end.equals("endif")) {
                return new Statement.If(branches, List.of());
            }
            if (end.equals("else")) {
                return new Statement.If(branches, bodyWithEnd("endif"));
            }
        }
    }

    private Statement loop(int line) {
        Target target = targets(false);
        tokens.expectName("in");
        Expression elements = expressions.tupleOrExpression(expressions::or, false);
        Expression filter = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        loops++;
        List<Statement> body = bodyUntil("endfor", "else");
        loops--;
        List<Statement> otherwise =
                tokens.next().text().equals("else") ? bodyWithEnd("endfor") : List.of();
        return new Statement.For(target, elements, filter, recursive, body, otherwise, line);
    }

    private Statement assign(int line) {
        Target target = targets(true);
        if (tokens.skipOperator("=")) {
            return new Statement.Assign(target, expressions.tupleOrExpression(), line);
        }
        Expression.Filter filter =
                tokens.skipOperator("|") ? filters(expressions.filter(null)) : null;
        return new Statement.AssignBlock(target, filter, bodyWithEnd("endset"), line);
    }

    /// More filters behind the first one, which is applied to a block.
    private Expression.Filter filters(Expression.Filter first) {
        Expression.Filter filter = first;
        while (tokens.skipOperator("|")) {
            filter = expressions.filter(filter);
        }
        return filter;
    }

    private Target targets(boolean members) {
        List<Target> targets = new ArrayList<>();
        boolean several = false;
        while (!tokens.isName("in") && !tokens.isOperator("=") && !tokens.isOperator(")")) {
            targets.add(target(members));
            if (!tokens.skipOperator(",")) {
                break;
            }
            several = true;
        }
        if (targets.isEmpty()) {
            throw tokens.unexpected("a name to assign to");
        }
        return several ? new Target.Unpacked(targets) : targets.getFirst();
    }

    private Target target(boolean members) {
        if (tokens.skipOperator("(")) {
            if (++depth > MAX_DEPTH) {
                throw new Fault("more than %d names inside each other".formatted(MAX_DEPTH));
            }
            Target inside = targets(members);
            depth--;
            tokens.expectOperator(")");
            return inside;
        }
        String name = tokens.expectName();
        if (members && tokens.skipOperator(".")) {
            return new Target.Member(name, tokens.expectName());
        }
        return new Target.Variable(assignable(name));
    }

    private static String assignable(String name) {
        if (CONSTANTS.contains(name)) {
            throw new Fault("'%s' cannot be assigned to".formatted(name));
        }
        return name;
    }

    private Statement macro(int line) {
        String name = assignable(tokens.expectName());
        tokens.expectOperator("(");
        Body body = body(true, "endmacro");
        return new Statement.Define(name, body, line);
    }

    private Statement call(int line) {
        boolean parameters = tokens.skipOperator("(");
        // the parameters stand before what is called, and the body behind it
        List<Parameter> declared = parameters ? parameters() : List.of();
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw new Fault("tag 'call' needs a call");
        }
        Body rest = body(false, "endcall");
        return new Statement.CallBlock(
                call, new Body(declared, rest.statements(), rest.uses()), line);
    }

    private Body body(boolean withParameters, String end) {
        List<Parameter> parameters = new ArrayList<>();
        List<Statement> statements = new ArrayList<>();
        Set<String> names =
                expressions.namesOf(() -> {
                    if (withParameters) {
                        parameters.addAll(parameters());
                    }
                    statements.addAll(outsideLoops(() -> bodyWithEnd(end)));
                });
        names.retainAll(Set.of("caller", "varargs", "kwargs"));
        parameters.forEach(parameter -> names.remove(parameter.name()));
        return new Body(parameters, statements, names);
    }

    private List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = assignable(tokens.expectName());
            @Nullable Expression otherwise =
                    tokens.skipOperator("=") ? expressions.expression() : null;
            if (otherwise == null
                    && !parameters.isEmpty()
                    && parameters.getLast().otherwise() != null) {
                throw new Fault("parameter '%s' needs a default, as those before".formatted(name));
            }
            parameters.add(new Parameter(name, otherwise));
        }
        return parameters;
    }

    private Statement with(int line) {
        List<Statement.Assign> variables = new ArrayList<>();
        while (tokens.current().kind() != Kind.TAG_END) {
            if (!variables.isEmpty()) {
                tokens.expectOperator(",");
            }
            Target target = target(false);
            tokens.expectOperator("=");
            variables.add(new Statement.Assign(target, expressions.expression(), line));
        }
        return new Statement.With(variables, bodyWithEnd("endwith"));
    }
}
