package entropylens.jinja;

import entropylens.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into tokens, with Jinja2's whitespace control (`trim_blocks`, `lstrip_blocks`):
/// `-` takes all whitespace on its side, `+` keeps it; a tag or comment takes the spaces before it
/// on its line, and one line break after it.
final class Lexer {
    private static final Pattern RAW =
            Pattern.compile("\\{%[-+]?\\s*raw\\s*(-)?%\\}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_OF_RAW =
            Pattern.compile(
                    "\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}", Pattern.UNICODE_CHARACTER_CLASS);

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private Lexer(String source) {
        this.source = source;
    }

    /// @throws TemplateException when the template cannot be cut
    static List<Token> tokens(String source, String template) {
        String text = source.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        try {
            return lexer.all();
        } catch (Fault e) {
            throw new TemplateException(template, lexer.line, e);
        }
    }

    private List<Token> all() {
        while (at < source.length()) {
            int begin = nextTag();
            if (begin < 0) {
                data(source.substring(at));
                advance(source.length());
                break;
            }
            tag(begin);
        }
        tokens.add(new Token(Kind.END, "", line));
        return tokens;
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private void tag(int begin) {
        char kind = source.charAt(begin + 1);
        int inside = begin + 2;
        char sign = inside < source.length() ? source.charAt(inside) : ' ';
        data(before(begin, sign, kind != '{'));
        Matcher raw = RAW.matcher(source).region(begin, source.length());
        if (kind == '%' && raw.lookingAt()) {
            raw(raw);
            return;
        }
        advance(sign == '-' || sign == '+' ? inside + 1 : inside);
        switch (kind) {
            case '#' -> comment();
            case '%' -> expression(Kind.TAG_BEGIN, Kind.TAG_END);
            default -> expression(Kind.PRINT_BEGIN, Kind.PRINT_END);
        }
    }

    /// The text before a tag, without the whitespace that the tag takes.
    private String before(int begin, char sign, boolean takesSpaces) {
        String text = source.substring(at, begin);
        if (sign == '-') {
            return Characters.stripRight(text);
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean knowsLine = lineStart > 0 || at == 0 || source.charAt(at - 1) == '\n';
        return sign != '+'
                        && takesSpaces
                        && knowsLine
                        && Characters.strip(text.substring(lineStart)).isEmpty()
                ? text.substring(0, lineStart)
                : text;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            tokens.add(new Token(Kind.DATA, text, line));
        }
    }

    private void advance(int to) {
        for (; at < to; at++) {
            line += source.charAt(at) == '\n' ? 1 : 0;
        }
    }

    private void raw(Matcher begin) {
        advance(begin.end());
        if (begin.group(1) != null) {
            skipSpaces();
        }
        Matcher end = END_OF_RAW.matcher(source);
        if (!end.find(at)) {
            throw new Fault("'raw' has no 'endraw'");
        }
        String sign = end.group(1);
        data(before(end.start(), sign.isEmpty() ? ' ' : sign.charAt(0), true));
        advance(end.end());
        after(end.group(2));
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw new Fault("a comment '{#' has no '#}'");
        }
        String sign = end > at ? source.substring(end - 1, end) : "";
        advance(end + 2);
        after(sign);
    }

    /// What a tag takes behind it.
    private void after(String sign) {
        if (sign.equals("-")) {
            skipSpaces();
        } else if (!sign.equals("+") && source.startsWith("\n", at)) {
            advance(at + 1);
        }
    }

    private void skipSpaces() {
        while (at < source.length() && Characters.isSpace(source.codePointAt(at))) {
            advance(at + Character.charCount(source.codePointAt(at)));
        }
    }

    private void expression(Kind begin, Kind end) {
        tokens.add(new Token(begin, "", line));
        Deque<String> open = new ArrayDeque<>();
        while (at < source.length()) {
            if (open.isEmpty() && ends(end)) {
                return;
            }
            Token token = ExpressionLexer.next(source, at, line);
            if (token == null) {
                int c = source.codePointAt(at);
                if (!Characters.isSpace(c)) {
                    throw new Fault("unexpected character '%s'".formatted(Character.toString(c)));
                }
                advance(at + Character.charCount(c));
                continue;
            }
            balance(token, open);
            tokens.add(token);
            advance(ExpressionLexer.end(source, at, token));
        }
    }

    private boolean ends(Kind end) {
        int signed = "-+".indexOf(source.charAt(at)) >= 0 ? 1 : 0;
        String sign = source.substring(at, at + signed);
        if (!source.startsWith(end == Kind.TAG_END ? "%}" : "}}", at + signed)
                || end == Kind.PRINT_END && sign.equals("+")) {
            return false;
        }
        tokens.add(new Token(end, "", line));
        advance(at + signed + 2);
        if (end == Kind.TAG_END || sign.equals("-")) {
            after(sign);
        }
        return true;
    }

    private static void balance(Token token, Deque<String> open) {
        if (token.kind() != Kind.OPERATOR) {
            return;
        }
        switch (token.text()) {
            case "(" -> open.push(")");
            case "[" -> open.push("]");
            case "{" -> open.push("}");
            case ")", "]", "}" -> {
                if (open.isEmpty() || !open.pop().equals(token.text())) {
                    throw new Fault("unexpected '%s'".formatted(token.text()));
                }
            }
            default -> {}
        }
    }
}
