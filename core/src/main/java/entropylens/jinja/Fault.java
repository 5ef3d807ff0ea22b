package entropylens.jinja;

import java.io.Serial;

/// What went wrong, before it is known on which line.
final class Fault extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final boolean ofTemplate;

    private Fault(String message, boolean ofTemplate) {
        super(message, null, false, false);
        this.ofTemplate = ofTemplate;
    }

    Fault(String message) {
        this(message, false);
    }

    /// Called for by the template, with `raise_exception`.
    static Fault ofTemplate(String message) {
        return new Fault("the template says: " + message, true);
    }

    /// What Jinja2 has, but this package has not.
    static Fault unsupported(String construct) {
        return new Fault(construct + " is not supported");
    }

    boolean ofTemplate() {
        return ofTemplate;
    }
}
