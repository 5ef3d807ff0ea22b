package entropylens.jinja;

import entropylens.jinja.Token.Kind;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tokens inside a tag.
final class ExpressionLexer {
    private static final Pattern FLOAT =
            Pattern.compile(
                    "(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
    private static final Pattern INTEGER =
            Pattern.compile(
                    "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");

    /// Longer digits are no number of a chat template.
    private static final int MAX_DIGITS = 200;

    private static final List<String> OPERATORS =
            List.of(
                    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(",
                    ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";");

    private ExpressionLexer() {}

    /// The token at a place; null where there is none.
    static @Nullable Token next(String source, int at, int line) {
        char c = source.charAt(at);
        if (c >= '0' && c <= '9') {
            return number(source, at, line);
        }
        int name = nameEnd(source, at);
        if (name > at) {
            return new Token(Kind.NAME, source.substring(at, name), line);
        }
        if (c == '\'' || c == '"') {
            String literal = source.substring(at + 1, stringEnd(source, at) - 1);
            return new Token(Kind.STRING, StringLiteral.meaning(literal), line);
        }
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                return new Token(Kind.OPERATOR, operator, line);
            }
        }
        return null;
    }

    /// Where a token ends that [#next] found.
    static int end(String source, int at, Token token) {
        return token.kind() == Kind.STRING ? stringEnd(source, at) : at + token.text().length();
    }

    private static Token number(String source, int at, int line) {
        int end = Math.min(source.length(), at + MAX_DIGITS);
        Matcher real = FLOAT.matcher(source).region(at, end);
        boolean afterDot = at > 0 && source.charAt(at - 1) == '.';
        if (!afterDot && real.lookingAt()) {
            return new Token(Kind.FLOAT, real.group(), line);
        }
        Matcher whole = INTEGER.matcher(source).region(at, end);
        if (!whole.lookingAt()) {
            throw new Fault("'%s' begins no number".formatted(source.charAt(at)));
        }
        return new Token(Kind.INTEGER, whole.group(), line);
    }

    private static int nameEnd(String source, int at) {
        int end = at;
        while (end < source.length()) {
            int c = source.codePointAt(end);
            if (c != '_' && !Character.isLetterOrDigit(c)) {
                break;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    private static int stringEnd(String source, int at) {
        char quote = source.charAt(at);
        for (int i = at + 1; i < source.length(); i++) {
            if (source.charAt(i) == '\\') {
                i++;
            } else if (source.charAt(i) == quote) {
                return i + 1;
            }
        }
        throw new Fault("a string has no closing %c".formatted(quote));
    }
}
