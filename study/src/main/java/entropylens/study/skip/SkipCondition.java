package entropylens.study.skip;

import entropylens.study.questions.MultipleChoice;
import java.util.Arrays;

/// How the blocks to skip are chosen.
enum SkipCondition {
    /// None is skipped.
    INTACT(MultipleChoice.INTACT, "intact", false),
    /// The blocks of largest mean ΔH.
    EXPANSION("expansion", "expansion: largest ΔH", false),
    /// The blocks of most negative mean ΔH.
    PRUNING("pruning", "pruning: most negative ΔH", false),
    /// Any blocks.
    RANDOM("random", "random", true),
    /// Random blocks that do not expand, likelier ones near those of [#EXPANSION].
    NEAR_EXPANSION("random_near_expansion", "not expanding, near expansion", true),
    /// Random blocks that expand, likelier ones near those of [#PRUNING].
    NEAR_PRUNING("random_near_pruning", "expanding, near pruning", true),
    /// Every block by itself.
    SINGLE("single", "one block", false);

    private final String word;
    private final String label;
    private final boolean random;

    SkipCondition(String word, String label, boolean random) {
        this.word = word;
        this.label = label;
        this.random = random;
    }

    /// In the tables of results.
    String word() {
        return word;
    }

    /// In reports.
    String label() {
        return label;
    }

    /// Whether there are several draws.
    boolean random() {
        return random;
    }

    static SkipCondition of(String word) {
        return Arrays.stream(values())
                .filter(condition -> condition.word.equals(word))
                .findFirst()
                .orElseThrow();
    }
}
