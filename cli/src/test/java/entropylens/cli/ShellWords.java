package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/// Splits a command line as a POSIX shell does (Shell Command Language, 2.2): blanks, single
/// quotes, double quotes, backslashes. Nothing is expanded, so what a shell would expand is
/// refused.
final class ShellWords {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private ShellWords(String line) {
        this.line = line;
    }

    static List<String> of(String line) {
        return new ShellWords(line).split();
    }

    private List<String> split() {
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == ' ') {
                end();
                continue;
            }
            inWord = true;
            switch (c) {
                case '\'' -> literal();
                case '"' -> quoted();
                case '\\' -> word.append(line.charAt(at++));
                default -> plain(c);
            }
        }
        end();
        return words;
    }

    private void literal() {
        int end = line.indexOf('\'', at);
        assertThat(end).as("a quote that is closed in: " + line).isNotNegative();
        word.append(line, at, end);
        at = end + 1;
    }

    /// Between double quotes, a backslash stands for itself but before these.
    private void quoted() {
        while (line.charAt(at) != '"') {
            char c = line.charAt(at++);
            boolean escapes = c == '\\' && "$`\"\\\n".indexOf(line.charAt(at)) >= 0;
            assertThat("$`").as("expanded in: " + line).doesNotContain(Character.toString(c));
            word.append(escapes ? line.charAt(at++) : c);
        }
        at++;
    }

    private void plain(char c) {
        assertThat("$`*?[#;&|<>()\n")
                .as("not quoted in: " + line)
                .doesNotContain(Character.toString(c));
        assertThat(c == '~' && word.isEmpty()).as("expanded in: " + line).isFalse();
        word.append(c);
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
    }
}
