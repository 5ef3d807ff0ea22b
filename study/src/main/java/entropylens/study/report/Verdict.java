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
        String sentence) {

    /// That a claim was not tested.
    ///
    /// @param sentence why not, and what it takes
    public static Verdict notTested(
            String study,
            String claim,
            String model,
            String effect,
            double level,
            double threshold,
            String paper,
            String sentence) {
        return new Verdict(
                study,
                claim,
                model,
                Outcome.NOT_TESTED,
                effect,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                level,
                threshold,
                paper,
                sentence);
    }

    /// The outcome that an interval means for the claim that the effect lies above the threshold.
    public static Outcome above(double threshold, double low, double high) {
        return low > threshold
                ? Outcome.SUPPORTED
                : high < threshold ? Outcome.NOT_SUPPORTED : Outcome.UNDECIDED;
    }
}
