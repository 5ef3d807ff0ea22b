package entropylens.study.workbench;

import entropylens.study.report.Outcome;
import entropylens.study.statistics.Interval;
import java.util.Optional;

/// A model's figure beside that of its untrained twin: what the twin has as well, training did not
/// make.
///
/// @param own the model's figure
/// @param twin the twin's, where there is one
public record BesideTwin(Interval own, Optional<Interval> twin) {
    /// What a finding is worth beside the twin: supported where the model's figure exceeds the
    /// twin's; held by construction where the twin's is worth the name and lies within the model's
    /// interval or above it; else undecided. Outcomes other than "supported" stay as they are.
    ///
    /// @param alone the outcome without the twin
    /// @param worth the smallest figure that is worth the name
    public Outcome outcome(Outcome alone, double worth) {
        if (alone != Outcome.SUPPORTED || twin.isEmpty() || excess().low() > 0) {
            return alone;
        }
        return twin.get().estimate() >= Math.max(worth, own.low())
                ? Outcome.BY_CONSTRUCTION
                : Outcome.UNDECIDED;
    }

    /// The p-value of both together, that the model's figure is above nothing and above the twin's:
    /// the larger.
    ///
    /// @param alone p without the twin
    public double pValue(double alone) {
        if (twin.isEmpty()) {
            return alone;
        }
        return Math.max(alone, excess().estimate() > 0 ? excess().pValue(0) : 1);
    }

    private Interval excess() {
        return own.less(twin.orElseThrow());
    }
}
