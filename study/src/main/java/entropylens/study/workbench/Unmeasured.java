package entropylens.study.workbench;

import entropylens.data.LeftOut;
import java.util.List;
import java.util.Optional;

/// What reports and messages say of rows of a user's files that are not measured.
public final class Unmeasured {
    /// Named one by one; the others are in `problems.parquet`.
    private static final int NAMED = 5;

    private Unmeasured() {}

    /// How many there are, and the first of them; empty where there are none.
    ///
    /// @param what a row is, in the plural
    public static Optional<String> note(String what, List<LeftOut> leftOut) {
        if (leftOut.isEmpty()) {
            return Optional.empty();
        }
        List<String> reasons = leftOut.stream().map(LeftOut::reason).distinct().toList();
        return Optional.of(
                "Left out, since they cannot be measured: %d %s. %s.%s"
                        .formatted(
                                leftOut.size(),
                                leftOut.size() == 1 ? what.substring(0, what.length() - 1) : what,
                                String.join(
                                        ". ", reasons.subList(0, Math.min(NAMED, reasons.size()))),
                                reasons.size() > NAMED
                                        ? " And %d more: see problems.parquet."
                                                .formatted(reasons.size() - NAMED)
                                        : ""));
    }
}
