package entropylens.batch;

import entropylens.lens.Prompt;
import entropylens.model.DecoderConfig;
import entropylens.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/// The tokens of prompts and answers, and whether a model can be given them.
public final class PromptTokens {
    private PromptTokens() {}

    /// The tokens of prompt and answer together, after those of the prompt alone where they begin
    /// so; else the answer's by itself, without the tokens that begin a text.
    ///
    /// @param encode how prompts become tokens
    /// @param ids of the prompt alone
    public static int[] answer(
            Function<String, int[]> encode,
            Tokenizer tokenizer,
            String prompt,
            int[] ids,
            String answer) {
        int[] both = encode.apply(prompt + answer);
        int alike = Arrays.mismatch(ids, both);
        return alike == ids.length || alike < 0
                ? Arrays.copyOfRange(both, ids.length, both.length)
                : tokenizer.encodeWithoutSpecialTokens(answer);
    }

    /// Why a text cannot be measured, if it cannot.
    ///
    /// @param tokens generated after it
    public static Optional<String> problem(DecoderConfig config, Prompt prompt, int tokens) {
        int length = prompt.ids().length + Math.max(0, prompt.answer().length - 1);
        if (prompt.ids().length == 0) {
            return Optional.of("the tokenizer makes no tokens of it");
        }
        if ((long) length + tokens > config.nCtx()) {
            return Optional.of(
                    "its %,d tokens%s do not fit the model's context of %,d"
                            .formatted(
                                    length,
                                    tokens == 0 ? "" : " and %,d generated ones".formatted(tokens),
                                    config.nCtx()));
        }
        int dVocab = config.dVocab();
        for (int[] ids : new int[][] {prompt.ids(), prompt.answer()}) {
            for (int id : ids) {
                if (id >= dVocab) {
                    return Optional.of(
                            "the tokenizer makes token %d of it, but the model's vocabulary ends at %d"
                                    .formatted(id, dVocab - 1));
                }
            }
        }
        return Optional.empty();
    }
}
