package entropylens.jinja;

/// What a string in a template means. Jinja2 lets Python read it as `unicode-escape`, after all
/// that is not ASCII was escaped.
final class StringLiteral {
    private static final String SINGLE = "\n\\'\"\007\b\f\n\r\t\013";

    private final String literal;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private StringLiteral(String literal) {
        this.literal = literal;
    }

    static String meaning(String literal) {
        return literal.indexOf('\\') < 0 ? literal : new StringLiteral(literal).read();
    }

    private String read() {
        while (at < literal.length()) {
            int c = literal.codePointAt(at);
            at += Character.charCount(c);
            if (c == '\\') {
                escape();
            } else {
                out.appendCodePoint(c);
            }
        }
        return out.toString();
    }

    private void escape() {
        int c = literal.codePointAt(at);
        at += Character.charCount(c);
        int simple = "\n\\'\"abfnrtv".indexOf(c);
        if (simple == 0) {
            return; // a backslash takes the line break behind it
        }
        if (simple > 0) {
            out.append(SINGLE.charAt(simple));
            return;
        }
        switch (c) {
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case 'N' -> named();
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            default -> out.append('\\').append(escapedFirst(c));
        }
    }

    /// Behind a backslash of its own, what is not ASCII stays in its escaped form.
    private static String escapedFirst(int c) {
        if (c < 0x80) {
            return Character.toString(c);
        }
        return c < 0x100
                ? "x%02x".formatted(c)
                : c < 0x10000 ? "u%04x".formatted(c) : "U%08x".formatted(c);
    }

    private void hex(int digits) {
        String text = literal.substring(at, Math.min(literal.length(), at + digits));
        if (!text.matches("[0-9a-fA-F]{" + digits + "}")) {
            throw new Fault("a string has a truncated escape '\\%s'".formatted(text));
        }
        long code = Long.parseLong(text, 16);
        if (code > Character.MAX_CODE_POINT) {
            throw new Fault("a string has an escape of no character, '\\U%s'".formatted(text));
        }
        out.appendCodePoint((int) code);
        at += digits;
    }

    private void octal() {
        int begin = at - 1;
        while (at < literal.length()
                && at < begin + 3
                && "01234567".indexOf(literal.charAt(at)) >= 0) {
            at++;
        }
        out.appendCodePoint(Integer.parseInt(literal.substring(begin, at), 8));
    }

    private void named() {
        int end = literal.indexOf('}', at);
        if (!literal.startsWith("{", at) || end < 0) {
            throw new Fault("a string has a malformed escape '\\N'");
        }
        String name = literal.substring(at + 1, end);
        try {
            out.appendCodePoint(Character.codePointOf(name));
        } catch (IllegalArgumentException e) {
            throw new Fault("a string names a character that is not known: '%s'".formatted(name));
        }
        at = end + 1;
    }
}
