package entropylens.jinja;

import entropylens.jinja.Statement.Body;
import entropylens.jinja.Statement.Branch;
import entropylens.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Executes statements.
final class Interpreter {
    /// How a body ended.
    private enum End {
        REACHED,
        BREAK,
        CONTINUE
    }

    private final Run run;
    private final Evaluator evaluator;
    private StringBuilder out = new StringBuilder();

    Interpreter(Run run) {
        this.run = run;
        this.evaluator = new Evaluator(run);
    }

    Evaluator evaluator() {
        return evaluator;
    }

    /// The text of a whole template; its variables are those of `scope`.
    String render(List<Statement> statements, Scope scope) {
        return text(statements, scope.inner());
    }

    /// What statements print.
    String text(List<Statement> statements, Scope scope) {
        StringBuilder outer = out;
        out = new StringBuilder();
        try {
            run.budget.enter();
            all(statements, scope);
            run.budget.leave();
            return run.budget.take(out.toString());
        } finally {
            out = outer;
        }
    }

    private End all(List<Statement> statements, Scope scope) {
        for (Statement statement : statements) {
            End end = one(statement, scope);
            if (end != End.REACHED) {
                return end;
            }
        }
        return End.REACHED;
    }

    private End one(Statement statement, Scope scope) {
        run.budget.step();
        switch (statement) {
            case Statement.Text(String text) -> print(text);
            case Statement.Print(Expression value, int line) -> {
                run.line = line;
                print(run.str(evaluator.value(value, scope)));
            }
            case Statement.If branches -> {
                return branch(branches, scope);
            }
            case Statement.For loop ->
                    loop(loop, evaluator.value(loop.elements(), scope), scope, 1);
            case Statement.Assign(Target target, Expression value, int line) -> {
                run.line = line;
                assign(target, evaluator.value(value, scope), scope);
            }
            case Statement.AssignBlock(Target target, var filter, var body, int line) -> {
                String text = text(body, scope.inner());
                run.line = line;
                assign(
                        target,
                        filter == null ? text : evaluator.filtered(filter, text, scope),
                        scope);
            }
            case Statement.Define(String name, Body body, int line) ->
                    scope.set(name, new Macro(name, body, scope, this));
            case Statement.CallBlock block -> call(block, scope);
            case Statement.FilterBlock(var filter, var body, int line) -> {
                String text = text(body, scope.inner());
                run.line = line;
                print(run.str(evaluator.filtered(filter, text, scope)));
            }
            case Statement.With(var variables, var body) -> {
                return with(variables, body, scope);
            }
            case Statement.Generation(List<Statement> body) -> print(text(body, scope.inner()));
            case Statement.Break() -> {
                return End.BREAK;
            }
            case Statement.Continue() -> {
                return End.CONTINUE;
            }
        }
        return End.REACHED;
    }

    private void print(String text) {
        run.budget.take(text.length());
        out.append(text);
    }

    private End branch(Statement.If branches, Scope scope) {
        for (Branch branch : branches.branches()) {
            if (Values.isTrue(evaluator.value(branch.test(), scope))) {
                return nested(branch.body(), scope);
            }
        }
        return nested(branches.otherwise(), scope);
    }

    private End nested(List<Statement> body, Scope scope) {
        run.budget.enter();
        End end = all(body, scope);
        run.budget.leave();
        return end;
    }

    /// @param depth of a recursive loop, from 1
    private void loop(Statement.For loop, Object iterable, Scope scope, int depth) {
        run.line = loop.line();
        List<Object> elements = elements(loop, iterable, scope);
        Callable recursion =
                loop.recursive() ? given -> recurse(loop, given, scope, depth + 1) : null;
        LoopState state = new LoopState(elements, depth, recursion);
        boolean reached = false;
        while (state.advance()) {
            run.budget.step();
            Scope round = scope.inner();
            round.set("loop", state);
            assign(loop.target(), state.element(), round);
            End end = nested(loop.body(), round);
            reached |= end == End.REACHED;
            if (end == End.BREAK) {
                break;
            }
        }
        if (!reached) { // also where every round was cut short, as in Jinja2
            nested(loop.otherwise(), scope.inner());
        }
    }

    private Object recurse(Statement.For loop, Given given, Scope scope, int depth) {
        Object iterable = given.require("loop", "iterable")[0];
        StringBuilder outer = out;
        out = new StringBuilder();
        try {
            run.budget.enter();
            loop(loop, iterable, scope, depth);
            run.budget.leave();
            return run.budget.take(out.toString());
        } finally {
            out = outer;
        }
    }

    private List<Object> elements(Statement.For loop, Object iterable, Scope scope) {
        List<Object> all = Values.list(iterable, run.budget);
        if (loop.filter() == null) {
            return all;
        }
        List<Object> kept = new ArrayList<>();
        for (Object element : all) {
            Scope inner = scope.inner();
            inner.set("loop", new Undefined("there is no 'loop' in the condition of a loop"));
            assign(loop.target(), element, inner);
            if (Values.isTrue(evaluator.value(loop.filter(), inner))) {
                kept.add(element);
            }
        }
        return kept;
    }

    private void call(Statement.CallBlock block, Scope scope) {
        run.line = block.line();
        Macro caller = new Macro("caller", block.body(), scope, this);
        print(run.str(evaluator.call(block.call(), scope, Map.of("caller", caller))));
    }

    private End with(List<Statement.Assign> variables, List<Statement> body, Scope scope) {
        Map<Target, Object> values = new LinkedHashMap<>();
        for (Statement.Assign variable : variables) {
            run.line = variable.line();
            values.put(variable.target(), evaluator.value(variable.value(), scope));
        }
        Scope inner = scope.inner();
        values.forEach((target, value) -> assign(target, value, inner));
        return nested(body, inner);
    }

    private void assign(Target target, Object value, Scope scope) {
        switch (target) {
            case Target.Variable(String name) -> scope.set(name, value);
            case Target.Member(String namespace, String attribute) -> {
                if (!(scope.get(namespace) instanceof Namespace of)) {
                    throw new Fault(
                            "attribute '%s' is set of '%s', which is no namespace"
                                    .formatted(attribute, namespace));
                }
                of.attributes().put(attribute, value);
            }
            case Target.Unpacked(List<Target> targets) -> unpack(targets, value, scope);
        }
    }

    private void unpack(List<Target> targets, Object value, Scope scope) {
        List<Object> values = Values.list(value, run.budget);
        if (values.size() != targets.size()) {
            throw new Fault(
                    "%d values are needed, but there are %d"
                            .formatted(targets.size(), values.size()));
        }
        Iterator<Object> each = values.iterator();
        targets.forEach(target -> assign(target, each.next(), scope));
    }
}
