package entropylens.study.skip;

import entropylens.hook.BlockAction;
import java.util.Arrays;

/// What of a block is skipped.
enum SkipPart {
    /// `resid_post := resid_pre`.
    BLOCK("block", "whole block"),
    /// Only the MLP adds to the stream.
    ATTENTION("attention", "attention only"),
    /// Only attention adds to the stream.
    MLP("mlp", "MLP only");

    private final String word;
    private final String label;

    SkipPart(String word, String label) {
        this.word = word;
        this.label = label;
    }

    /// In the tables of results.
    String word() {
        return word;
    }

    /// In reports.
    String label() {
        return label;
    }

    BlockAction action() {
        return switch (this) {
            case BLOCK -> BlockAction.SKIP;
            case ATTENTION -> BlockAction.SKIP_ATTENTION;
            case MLP -> BlockAction.SKIP_MLP;
        };
    }

    static SkipPart of(String word) {
        return Arrays.stream(values())
                .filter(part -> part.word.equals(word))
                .findFirst()
                .orElseThrow();
    }
}
