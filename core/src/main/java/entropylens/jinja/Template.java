package entropylens.jinja;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A template, parsed. Immutable: any number of threads may render it.
public final class Template {
    /// Published templates have up to 30,000 characters.
    private static final int MAX_SOURCE = 2_000_000;

    private final String name;
    private final List<Statement> statements;
    private final Set<String> names;

    private Template(String name, List<Statement> statements, Set<String> names) {
        this.name = name;
        this.statements = statements;
        this.names = names;
    }

    /// Parses a template.
    ///
    /// @param name of its file, for messages
    /// @throws TemplateException when it is not one
    public static Template parse(String source, String name) {
        if (source.length() > MAX_SOURCE) {
            throw new TemplateException(
                    name,
                    1,
                    new Fault(
                            "the template has %,d characters, more than %,d"
                                    .formatted(source.length(), MAX_SOURCE)));
        }
        StatementParser parser = new StatementParser(new TokenStream(Lexer.tokens(source, name)));
        return new Template(name, parser.all(name), parser.names());
    }

    /// The variables that it reads, its own among them.
    public Set<String> names() {
        return names;
    }

    /// The text that the template makes.
    ///
    /// @param variables null, Boolean, Integer, Long, Double, String, List and Map, as JSON has
    ///   them
    /// @param clock what `strftime_now` reads
    /// @throws TemplateException when it cannot be rendered, or refuses what it is given
    public String render(
            Map<String, ? extends @Nullable Object> variables, Supplier<LocalDateTime> clock) {
        Run run = new Run(clock);
        try {
            Scope scope = Scope.of(Globals.of(run));
            variables.forEach((key, value) -> scope.set(key, Globals.value(value)));
            return new Interpreter(run).render(statements, scope);
        } catch (Fault e) {
            throw new TemplateException(name, run.line, e);
        } catch (StackOverflowError e) {
            throw new TemplateException(
                    name, run.line, new Fault("the template's calls are nested too deeply"));
        }
    }
}
