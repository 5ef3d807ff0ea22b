package entropylens.spark;

import entropylens.checkpoint.FileChangedException;
import entropylens.data.DataException;
import entropylens.lens.NotEnoughMemoryException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What is said about a failure: one line. What a task threw comes back as a cause, or as words in
/// the message of the job that failed.
final class Failure {
    private static final Set<Class<?>> EXPLAINED =
            Set.of(
                    SparkBatchException.class,
                    DataException.class,
                    NotEnoughMemoryException.class,
                    FileChangedException.class);

    private static final Pattern IN_WORDS =
            Pattern.compile(
                    EXPLAINED.stream()
                            .map(known -> Pattern.quote(known.getName()))
                            .collect(Collectors.joining("|", "(?:", "): ([^\n]*)")));

    private Failure() {}

    static String message(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (EXPLAINED.contains(e.getClass())) {
                return String.valueOf(e.getMessage());
            }
            Matcher words = IN_WORDS.matcher(String.valueOf(e.getMessage()));
            if (words.find()) {
                return words.group(1);
            }
        }
        return "the job failed: "
                + String.valueOf(failure.getMessage()).lines().findFirst().orElse("")
                + "; the driver's log says more";
    }
}
