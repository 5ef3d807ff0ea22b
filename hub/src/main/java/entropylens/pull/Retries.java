package entropylens.pull;

import entropylens.hub.HubException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Failures in a row of something that may work a moment later, and the waiting between them.
final class Retries {
    static final int MOST = 5;
    static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int LONGEST_BACK_OFF_SECONDS = 8;

    /// `RateLimit: "api";r=0;t=55`, where `t` are the seconds until it is lifted.
    private static final Pattern RATE_LIMIT = Pattern.compile("\\bt=(\\d{1,9})\\b");

    /// Waits; tests do not.
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    private final Pause pause;
    private final Consumer<String> note;
    private int failures;

    Retries(Pause pause, Consumer<String> note) {
        this.pause = pause;
        this.note = note;
    }

    /// Whether a status may be another one a moment later.
    static boolean isTemporary(int status) {
        return switch (status) {
            case 408, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /// The failures so far were followed by progress.
    void startOver() {
        failures = 0;
    }

    /// Waits before another attempt, longer each time or as long as the server asked for.
    ///
    /// @param failure thrown when it was one too many
    /// @param asked how long the server wants us to wait
    void await(HubException failure, Optional<Duration> asked) {
        failures++;
        if (failures > MOST) {
            throw failure;
        }
        Duration wait =
                asked.orElse(
                        Duration.ofSeconds(
                                Math.min(LONGEST_BACK_OFF_SECONDS, 1L << (failures - 1))));
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            throw new HubException(
                    "%s; the server asks to wait %d minutes: try again then"
                            .formatted(failure.getMessage(), wait.toSeconds() / 60 + 1),
                    failure);
        }
        // what there is to do about it, after the semicolon, matters only once we give up
        String what = String.valueOf(failure.getMessage()).split("; ", 2)[0];
        note.accept(
                "%s; attempt %d of %d follows in %d s"
                        .formatted(what, failures + 1, MOST + 1, wait.toSeconds()));
        try {
            pause.of(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HubHttp.interrupted();
        }
    }

    /// How long an answer asks us to wait: Retry-After in seconds or as a date, or what is left of
    /// the hub's rate limit.
    static Optional<Duration> asked(Answer answer) {
        Optional<Duration> after =
                answer.header("Retry-After").flatMap(text -> retryAfter(text.strip()));
        if (after.isPresent() || answer.status() != 429) {
            return after;
        }
        Matcher limit = RATE_LIMIT.matcher(answer.header("RateLimit").orElse(""));
        return limit.find()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(limit.group(1)) + 1))
                : Optional.empty();
    }

    private static Optional<Duration> retryAfter(String text) {
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant then =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            Duration left = Duration.between(Instant.now(), then);
            return Optional.of(left.isNegative() ? Duration.ZERO : left.plusSeconds(1));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
