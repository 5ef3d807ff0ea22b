package entropylens.study.skip;

/// What is known of a block before it is skipped, and may tell what skipping it costs.
enum BlockTrait {
    CHANGE("ΔH"),
    CHANGE_SIZE("|ΔH|"),
    DEPTH("depth"),
    UPDATE_NORM("norm of the update"),
    /// ShortGPT's Block Influence (Men et al. 2024, arXiv 2403.03853).
    TURN("1 − cosine of input and output");

    private final String label;

    BlockTrait(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
