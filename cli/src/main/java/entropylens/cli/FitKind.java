package entropylens.cli;

import java.util.Locale;

/// The lenses that `lens fit` makes.
enum FitKind {
    RIDGE,
    MEAN,
    TUNED,
    JACOBIAN;

    /// In options and messages.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
