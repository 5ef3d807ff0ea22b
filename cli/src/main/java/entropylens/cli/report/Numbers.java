package entropylens.cli.report;

import java.util.Locale;

/// How numbers are shown, as numbers.js does.
final class Numbers {
    /// What is shown where nothing is known.
    static final String NOTHING = "–";

    private Numbers() {}

    /// With so many digits after the point, and no sign where they are all 0.
    static String fixed(double value, int digits) {
        if (!Double.isFinite(value)) {
            return NOTHING;
        }
        String text = String.format(Locale.ROOT, "%." + digits + "f", value);
        return text.matches("-[0.]+") ? text.substring(1) : text;
    }

    /// The same, but a small number above 0 is not none: a p-value, for instance.
    static String notNothing(double value, int digits) {
        double least = Math.pow(10, -digits);
        return value > 0 && value < least / 2 ? "< " + fixed(least, digits) : fixed(value, digits);
    }

    /// Minus signs where a hyphen stands before a digit and after no word.
    static String typographic(String text) {
        return text.replaceAll("(?<![\\w)-])-(?=\\d)", "−");
    }
}
