package entropylens.jinja;

import java.time.LocalDateTime;
import java.util.function.Supplier;

/// One rendering: what it may use, what time it is, and where it is.
final class Run {
    final Budget budget = Budget.whole();
    final Supplier<LocalDateTime> clock;

    /// The line of the construct that is being evaluated.
    int line = 1;

    Run(Supplier<LocalDateTime> clock) {
        this.clock = clock;
    }

    String str(Object value) {
        return PythonText.str(value, budget);
    }
}
