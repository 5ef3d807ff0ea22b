package entropylens.data;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where one SQL statement ends and the next begins. DuckDB runs all that it is given and hands
/// over the rows of the last one.
final class SqlStatements {
    /// What a semicolon may stand in without ending a statement: comments, strings (`E'…'` with
    /// backslashes), quoted names, and strings between dollars. What is not closed reaches to the
    /// end.
    private static final Pattern OPAQUE =
            Pattern.compile(
                    """
                    --[^\\r\\n]*\
                    |(?<![\\w$])[eE]'[^'\\\\]*+(?:(?:\\\\.|'')[^'\\\\]*+)*+(?:'|\\z)\
                    |'[^']*+(?:'|\\z)\
                    |"[^"]*+(?:"|\\z)\
                    |(?<![\\w$])(\\$(?:[A-Za-z_]\\w*)?\\$).*?(?:\\1|\\z)\
                    """,
                    Pattern.DOTALL);

    private static final String COMMENT = "/*";

    private SqlStatements() {}

    /// The second statement of `sql`, if there is one; semicolons and comments behind the first are
    /// none.
    static Optional<String> second(String sql) {
        Matcher opaque = OPAQUE.matcher(sql);
        boolean begun = false;
        boolean ended = false;
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == ';') {
                ended = begun;
                at++;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (sql.startsWith(COMMENT, at)) {
                at = endOfComment(sql, at);
            } else {
                boolean lineComment = sql.startsWith("--", at);
                if (ended && !lineComment) {
                    return Optional.of(sql.substring(at).strip());
                }
                begun |= !lineComment;
                at =
                        opaque.region(at, sql.length()).useTransparentBounds(true).lookingAt()
                                ? opaque.end()
                                : at + 1;
            }
        }
        return Optional.empty();
    }

    /// Comments nest.
    private static int endOfComment(String sql, int from) {
        int depth = 0;
        int at = from;
        do {
            if (sql.startsWith(COMMENT, at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
        return at;
    }
}
