package entropylens.study.report;

/// What a measurement says about a claim.
public enum Outcome {
    SUPPORTED("supported"),
    /// A control does as well, or the effect points the other way.
    NOT_SUPPORTED("not supported"),
    /// The whole interval lies below the smallest effect that is worth the name.
    NO_EFFECT("no effect worth the name"),
    /// The figure is as large in a model that has learnt nothing.
    BY_CONSTRUCTION("holds by construction"),
    /// The interval holds values on both sides.
    UNDECIDED("undecided at this sample size"),
    /// These models or settings cannot tell, whatever is measured; the sentence says what it takes.
    NOT_TESTABLE("not testable");

    private final String words;

    Outcome(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /// What an interval says of the claim that an effect is larger than nothing, where only a
    /// larger one is of interest: an AUC, a share of right guesses.
    ///
    /// @param nothing the effect's value where there is nothing to find: 0.5 for an AUC
    /// @param worth the smallest value that is worth the name, above `nothing`; declared before
    ///   anything is measured
    public static Outcome above(
            double nothing, double worth, double value, double low, double high) {
        if (low > nothing && value >= worth) {
            return SUPPORTED;
        }
        return high < worth ? NO_EFFECT : UNDECIDED;
    }

    /// The same where the effect may point either way: a difference. `NOT_SUPPORTED` means that it
    /// points the other way.
    ///
    /// @param worth the smallest size of a difference that is worth the name, above 0
    public static Outcome difference(double worth, double value, double low, double high) {
        if (low > 0 && value >= worth) {
            return SUPPORTED;
        }
        if (high < 0 && value <= -worth) {
            return NOT_SUPPORTED;
        }
        return -worth < low && high < worth ? NO_EFFECT : UNDECIDED;
    }
}
