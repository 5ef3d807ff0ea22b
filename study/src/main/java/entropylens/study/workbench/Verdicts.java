package entropylens.study.workbench;

import entropylens.study.report.Evidence;
import entropylens.study.report.FigureDraws;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;

/// The verdicts of a study on a model, or on all of them.
///
/// @param study its name
/// @param model whose they are
/// @param threshold that the figures are held against
/// @param paper what the paper found
public record Verdicts(String study, String model, double threshold, String paper) {
    /// @param interval the figure that decides, at the level of all reports
    public Verdict of(
            String claim,
            Outcome outcome,
            String effect,
            Interval interval,
            String sentence,
            Evidence evidence) {
        return new Verdict(
                study,
                claim,
                model,
                outcome,
                effect,
                interval.estimate(),
                interval.low(),
                interval.high(),
                interval.level(),
                threshold,
                paper,
                sentence,
                evidence,
                new FigureDraws(interval.draws().samples(), interval.draws().values()));
    }

    /// That a claim cannot be tested, and why.
    public Verdict notTestable(String claim, String effect, String why) {
        return notTestable(claim, effect, why, Evidence.NONE);
    }

    /// The same, with what is known all the same: how many units there are, and what they would
    /// find.
    public Verdict notTestable(String claim, String effect, String why, Evidence evidence) {
        Interval none = new Interval(Double.NaN, Double.NaN, Double.NaN, Intervals.LEVEL);
        return of(claim, Outcome.NOT_TESTABLE, effect, none, why, evidence);
    }
}
