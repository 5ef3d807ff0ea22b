package entropylens.jinja;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Texts and numbers into numbers: Python's `int` and `float`.
final class Numbers {
    private static final Pattern REAL =
            Pattern.compile(
                    "[+-]?(\\d+(_\\d+)*(\\.(\\d+(_\\d+)*)?)?|\\.\\d+(_\\d+)*)([eE][+-]?\\d+)?");
    private static final Pattern WORD =
            Pattern.compile("([+-]?)(inf|infinity|nan)", Pattern.CASE_INSENSITIVE);
    private static final int MAX_CHARACTERS = 400; // a double has 309 digits at most

    private Numbers() {}

    /// Towards zero.
    static long truncated(double value) {
        if (!Double.isFinite(value) || Math.abs(value) >= 0x1p63) {
            throw Fault.unsupported("an integer of more than 64 bits");
        }
        return (long) value;
    }

    /// What `int(text, base)` makes of it, or null.
    static @Nullable Long whole(String text, int base) {
        if (text.length() > MAX_CHARACTERS) {
            throw Fault.unsupported("a number of %d characters".formatted(text.length()));
        }
        String digits = Characters.strip(text).replaceAll("(?<=[0-9a-zA-Z])_(?=[0-9a-zA-Z])", "");
        String sign = "";
        if (digits.startsWith("-") || digits.startsWith("+")) {
            sign = digits.substring(0, 1);
            digits = digits.substring(1);
        }
        int radix = base;
        String prefix = digits.length() > 1 ? Characters.lower(digits.substring(0, 2)) : "";
        int of = prefix.equals("0x") ? 16 : prefix.equals("0o") ? 8 : prefix.equals("0b") ? 2 : 0;
        if (of != 0 && (base == of || base == 0)) {
            radix = of;
            digits = digits.substring(2);
        }
        radix = radix == 0 ? 10 : radix;
        if (digits.isEmpty() || !Character.isLetterOrDigit(digits.charAt(0))) {
            return null;
        }
        try {
            BigInteger number = new BigInteger(sign + digits, radix);
            return Operators.exact(number::longValueExact);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /// What `float(text)` makes of it, or null.
    static @Nullable Double real(String text) {
        String stripped = Characters.strip(text);
        if (stripped.length() > MAX_CHARACTERS) {
            throw Fault.unsupported("a number of %d characters".formatted(stripped.length()));
        }
        var word = WORD.matcher(stripped);
        if (word.matches()) {
            double value =
                    Characters.lower(word.group(2)).equals("nan")
                            ? Double.NaN
                            : Double.POSITIVE_INFINITY;
            return word.group(1).equals("-") ? -value : value;
        }
        return REAL.matcher(stripped).matches() ? Double.valueOf(stripped.replace("_", "")) : null;
    }
}
