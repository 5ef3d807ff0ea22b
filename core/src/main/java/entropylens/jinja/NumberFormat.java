package entropylens.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/// Numbers and texts in a width, as Python's `%` and `format` write them.
///
/// @param fill what is padded with
/// @param align `<`, `>`, `^` or `=` (padding behind the sign)
/// @param sign `+`, ` ` or `-`
/// @param alternate whether `0x` and its like are written
/// @param grouping what stands between thousands, or nothing
/// @param precision digits, or the characters that are kept; -1 where not given
/// @param type a letter, or 0
record NumberFormat(
        String fill,
        char align,
        char sign,
        boolean alternate,
        int width,
        String grouping,
        int precision,
        char type) {

    /// A text cut and padded.
    String text(String text, Budget budget) {
        String kept = text;
        if (precision >= 0 && precision < text.codePointCount(0, text.length())) {
            kept = text.substring(0, Characters.offset(text, precision));
        }
        return padded("", kept, budget);
    }

    /// A whole number in base 10, 8, 16 or 2.
    String whole(long value, Budget budget) {
        String digits =
                switch (type) {
                    case 'x' -> Long.toHexString(magnitude(value));
                    case 'X' -> Long.toHexString(magnitude(value)).toUpperCase(Locale.ROOT);
                    case 'o' -> Long.toOctalString(magnitude(value));
                    case 'b' -> Long.toBinaryString(magnitude(value));
                    default -> grouped(Long.toString(value).replace("-", ""));
                };
        String prefix = alternate && "xXob".indexOf(type) >= 0 ? "0" + type : "";
        return padded(signed(value < 0) + prefix, digits, budget);
    }

    private static long magnitude(long value) {
        return Operators.exact(() -> Math.absExact(value));
    }

    /// A number with digits behind the point.
    String real(double value, Budget budget) {
        if (!Double.isFinite(value)) {
            String word = Double.isNaN(value) ? "nan" : "inf";
            boolean capital = Character.isUpperCase(type);
            return padded(signed(value < 0), capital ? Characters.upper(word) : word, budget);
        }
        int digits = precision < 0 ? 6 : precision;
        budget.take(digits);
        boolean negative = value < 0 || 1 / value < 0;
        String text =
                switch (type) {
                    case 'f', 'F' -> fixed(Math.abs(value), digits);
                    case '%' -> fixed(Math.abs(value) * 100, digits) + "%";
                    case 'e', 'E' -> exponential(Math.abs(value), digits);
                    case 'g', 'G' -> general(Math.abs(value), Math.max(1, digits));
                    default -> throw Fault.unsupported("the format '" + type + "' of a number");
                };
        return padded(signed(negative), type == 'E' ? Characters.upper(text) : text, budget);
    }

    private String fixed(double value, int digits) {
        String text =
                new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        int point = text.indexOf('.');
        return point < 0
                ? grouped(text)
                : grouped(text.substring(0, point)) + text.substring(point);
    }

    private static String exponential(double value, int digits) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal rounded =
                exact.signum() == 0
                        ? exact
                        : exact.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String text =
                rounded.movePointLeft(exponent)
                        .setScale(digits, RoundingMode.HALF_EVEN)
                        .toPlainString();
        return "%se%c%02d".formatted(text, exponent < 0 ? '-' : '+', Math.abs(exponent));
    }

    private String general(double value, int digits) {
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        if (exponent < -4 || exponent >= digits) {
            String text = exponential(value, digits - 1);
            int e = text.indexOf('e');
            return withoutZeros(text.substring(0, e)) + text.substring(e);
        }
        return grouped(withoutZeros(fixed(value, digits - 1 - exponent)));
    }

    private static String withoutZeros(String text) {
        return text.indexOf('.') < 0 ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    private String grouped(String digits) {
        if (grouping.isEmpty() || digits.indexOf('.') >= 0) {
            return digits;
        }
        StringBuilder grouped = new StringBuilder(digits);
        for (int at = digits.length() - 3; at > 0; at -= 3) {
            grouped.insert(at, grouping);
        }
        return grouped.toString();
    }

    private String signed(boolean negative) {
        return negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    }

    private String padded(String sign, String text, Budget budget) {
        int length = (sign + text).codePointCount(0, sign.length() + text.length());
        int missing = Math.max(0, width - length);
        int left =
                switch (align) {
                    case '<' -> 0;
                    case '^' -> missing / 2;
                    default -> missing;
                };
        String before = Operators.repeated(fill, left, budget);
        String after = Operators.repeated(fill, missing - left, budget);
        return align == '=' ? sign + before + text : before + sign + text + after;
    }
}
