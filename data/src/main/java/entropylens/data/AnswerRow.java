package entropylens.data;

import org.jspecify.annotations.Nullable;

/// A multiple-choice question as a model answered it.
///
/// @param condition how the skipped blocks were chosen
/// @param part what of a block is skipped: `block`, `attention`, `mlp`
/// @param k number of blocks skipped
/// @param draw which of several random choices
/// @param skipped the blocks, from 1
/// @param logits of the options, in order
/// @param predicted the option chosen, from 0
/// @param answer the right option, from 0
/// @param margin logit of the right option minus the largest other one
public record AnswerRow(
        String study,
        String model,
        String questionId,
        @Nullable String subject,
        String condition,
        @Nullable String part,
        @Nullable Integer k,
        @Nullable Integer draw,
        int[] skipped,
        double[] logits,
        int predicted,
        int answer,
        @Nullable Double margin) {
    public boolean correct() {
        return predicted == answer;
    }
}
