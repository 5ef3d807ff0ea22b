package entropylens.jinja;

import java.io.Serial;

/// A template that cannot be read or rendered. The message names the template, the line and the
/// construct, and is meant for the user as it is.
public final class TemplateException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final boolean ofTemplate;

    TemplateException(String template, int line, Fault fault) {
        super("%s, line %d: %s".formatted(template, line, fault.getMessage()), fault);
        this.ofTemplate = fault.ofTemplate();
    }

    /// Whether the template itself refused what it was given, by `raise_exception`.
    public boolean ofTemplate() {
        return ofTemplate;
    }
}
