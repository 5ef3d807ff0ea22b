package entropylens.study.workbench;

/// The smallest effects that are worth the name, declared in docs/method.md before anything is
/// measured. An interval that lies wholly below one concludes that there is no such effect; a
/// finding that is smaller supports no claim, however sure it is.
public final class SmallestEffects {
    /// AUC of a classifier; 0.5 is guessing.
    public static final double AUC = 0.55;

    /// Difference of two AUCs.
    public static final double AUC_DIFFERENCE = 0.02;

    /// Difference of two shares of right answers.
    public static final double ACCURACY_DIFFERENCE = 0.05;

    /// Difference of two losses, nats a token.
    public static final double LOSS_DIFFERENCE = 0.1;

    /// Change of the mean entropy from one layer to the next, nats.
    public static final double ENTROPY_CHANGE = 0.1;

    /// Difference of the mean entropies of two labels in one layer, nats.
    public static final double ENTROPY_DIFFERENCE = 0.1;

    /// Rank correlation of two quantities of the same blocks.
    public static final double CORRELATION = 0.3;

    /// A rank correlation that counts as strong. A sample that would miss one this strong in more
    /// than one run of five tests nothing.
    public static final double STRONG_CORRELATION = 0.8;

    /// Difference of two rank correlations, a trained model's less its untrained twin's. Those of
    /// two sets of random weights differ by up to 0.097 in 60 pairs (docs/experiments.md).
    public static final double CORRELATION_DIFFERENCE = 0.1;

    /// Difference of two overlaps of sets (Jaccard, containment).
    public static final double OVERLAP_DIFFERENCE = 0.05;

    /// Distance of profiles between families less that within, nats (root mean square over depth).
    public static final double DISTANCE = 0.1;

    /// Share of texts whose family is recognised, above the share by chance.
    public static final double RECOGNITION = 0.1;

    private SmallestEffects() {}
}
