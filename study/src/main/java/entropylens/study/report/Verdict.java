package entropylens.study.report;

/// What was found about one claim for one model (or for all of them together).
///
/// @param study the study that tested it: "strategies" …
/// @param claim the claim in words
/// @param model whose it is; "all models" where several are needed
/// @param outcome what the interval says
/// @param effect the quantity that decides, and its unit
/// @param value of the effect; NaN where it was not tested
/// @param low lower end of its interval
/// @param high upper end
/// @param level of the interval, 0.95 for instance
/// @param threshold the value that the interval is held against: 0, 0.5, …
/// @param paper what the paper found, with its source; empty if it gives no figure
/// @param sentence the finding in one sentence
/// @param evidence what it rests on
/// @param draws what the value came to in bootstrap samples
public record Verdict(
        String study,
        String claim,
        String model,
        Outcome outcome,
        String effect,
        double value,
        double low,
        double high,
        double level,
        double threshold,
        String paper,
        String sentence,
        Evidence evidence,
        FigureDraws draws) {

    /// The level that p-values are held against, after correction over the run.
    public static final double ALPHA = 0.05;

    public Verdict with(Evidence found) {
        return new Verdict(
                study, claim, model, outcome, effect, value, low, high, level, threshold, paper,
                sentence, found, draws);
    }

    /// The verdict among `tests` tests of one run: a finding whose corrected p-value is not below
    /// [#ALPHA] is no finding.
    ///
    /// @param adjusted its p-value after correction
    public Verdict corrected(double adjusted, int tests) {
        // that nothing was found rests on intervals, not on tests
        if (outcome != Outcome.SUPPORTED || adjusted < ALPHA) {
            return with(evidence.withAdjusted(adjusted));
        }
        return new Verdict(
                study,
                claim,
                model,
                Outcome.UNDECIDED,
                effect,
                value,
                low,
                high,
                level,
                threshold,
                paper,
                "%s Alone this has p = %.3f; among the %d tests of this run, %.3f: undecided."
                        .formatted(sentence, evidence.p(), tests, adjusted),
                evidence.withAdjusted(adjusted),
                draws);
    }
}
