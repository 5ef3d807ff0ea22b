package entropylens.adapter;

import entropylens.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression out of a configuration, where it is meant for Python's `re`. What the two
/// languages write differently is refused. A file may hold anything, so length, repetitions and the
/// steps of all its matches together are bounded.
final class PythonPattern {
    private static final int MAX_LENGTH = 8_000;

    /// Of all numbers in braces, multiplied: an empty group that repeats takes time, but no steps.
    private static final long MAX_REPEATS = 10_000;

    /// Of all patterns of a file.
    private static final long MAX_STEPS = 50_000_000;

    private static final Pattern BRACES = Pattern.compile("\\{(\\d*)(,?)(\\d*)}");

    private final String source;
    private final Pattern pattern;
    private final Steps steps;

    /// The steps that the patterns of one file have taken.
    static final class Steps {
        private final Path file;
        private long taken;

        Steps(Path file) {
            this.file = file;
        }
    }

    /// @param source as the file has it
    /// @param frame around it, where it is a part of a larger one: `%s` stands for it
    PythonPattern(Steps steps, String source, String frame) {
        this.steps = steps;
        this.source = source;
        requireBounded();
        try {
            this.pattern = Pattern.compile(frame.replace("%s", "(?:" + source + ")"));
        } catch (PatternSyntaxException e) {
            throw refused("it is not valid here: " + e.getDescription());
        } catch (StackOverflowError e) {
            throw refused("it is nested too deeply");
        }
    }

    private void requireBounded() {
        if (source.length() > MAX_LENGTH) {
            throw refused("it is longer than %,d characters".formatted(MAX_LENGTH));
        }
        if (source.contains("&&") || source.contains("(?P") || source.contains("[[")) {
            throw refused("&&, (?P and [[ mean something else in Java than in Python");
        }
        long product = 1;
        Matcher braces = BRACES.matcher(source);
        while (braces.find()) {
            product *= Math.max(1, Math.max(number(braces.group(1)), number(braces.group(3))));
            if (product > MAX_REPEATS) {
                throw refused("it repeats more than %,d times".formatted(MAX_REPEATS));
            }
        }
    }

    private static long number(String digits) {
        return digits.isEmpty()
                ? 0
                : digits.length() > 6 ? MAX_REPEATS + 1 : Long.parseLong(digits);
    }

    /// Whether it matches the whole of `text`.
    boolean matches(String text) {
        return matcher(text, Matcher::matches).isPresent();
    }

    /// The last group of a match that begins where `text` does.
    Optional<String> groupAtStart(String text) {
        return matcher(text, Matcher::lookingAt).map(found -> found.group(found.groupCount()));
    }

    private interface Match {
        boolean in(Matcher matcher);
    }

    private Optional<Matcher> matcher(String text, Match match) {
        try {
            Matcher matcher = pattern.matcher(new Counted(text));
            return match.in(matcher) ? Optional.of(matcher) : Optional.empty();
        } catch (TooManySteps e) {
            throw refused("all of its file take more than %,d steps to match".formatted(MAX_STEPS));
        } catch (StackOverflowError e) {
            throw refused("it needs too deep a stack to match '%s'".formatted(text));
        }
    }

    private CheckpointException refused(String why) {
        String shown = source.length() <= 60 ? source : source.substring(0, 60) + "...";
        return new CheckpointException(
                "%s: the regular expression '%s' is not used, for %s; write a simpler one, or list the modules"
                        .formatted(steps.file, shown, why));
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManySteps() {
            super(null, null, false, false);
        }
    }

    /// A text that counts how often it is looked at.
    private final class Counted implements CharSequence {
        private final String text;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps.taken > MAX_STEPS) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
