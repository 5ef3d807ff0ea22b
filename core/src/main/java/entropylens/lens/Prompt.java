package entropylens.lens;

import java.util.Arrays;

/// A text to be profiled, in tokens.
///
/// @param ids at least one
/// @param answer tokens that follow and are given, not generated; empty where there are none
/// @param draw which random numbers generation draws, of those of the sampling's seed: two prompts
///   with the same draw get the same
public record Prompt(int[] ids, int[] answer, int draw) {
    /// A prompt without an answer.
    public static Prompt of(int[] ids, int draw) {
        return new Prompt(ids, new int[0], draw);
    }

    /// The prompt and the first tokens of its answer.
    int[] withAnswer(int count) {
        int[] all = Arrays.copyOf(ids, ids.length + count);
        System.arraycopy(answer, 0, all, ids.length, count);
        return all;
    }
}
