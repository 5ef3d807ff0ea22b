package entropylens.study.report;

/// What a measurement says about a claim.
public enum Outcome {
    SUPPORTED("supported"),
    NOT_SUPPORTED("not supported"),
    /// The interval holds values on both sides.
    UNDECIDED("undecided at this sample size"),
    /// There is no way to tell with these models or settings; the sentence says why.
    NOT_TESTED("not tested");

    private final String words;

    Outcome(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
