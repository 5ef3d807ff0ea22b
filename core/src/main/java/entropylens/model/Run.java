package entropylens.model;

import entropylens.hook.Intervention;
import java.util.Set;

/// One text to be run: a prompt, and what is generated after it.
///
/// @param prompt at least one token
/// @param tokens to generate after it, fewer where the text ends; 0 for none
/// @param sampling how they are chosen
/// @param stopIds tokens that end the text
/// @param intervention what the blocks do
public record Run(
        int[] prompt,
        int tokens,
        Sampling sampling,
        Set<Integer> stopIds,
        Intervention intervention) {
    public Run {
        stopIds = Set.copyOf(stopIds);
        if (prompt.length == 0) {
            throw new IllegalArgumentException(
                    "the prompt is empty; at least one token is needed (a begin token, for instance)");
        }
    }

    /// A prompt that is read and not continued.
    public static Run of(int[] prompt, Intervention intervention) {
        return new Run(prompt, 0, Sampling.GREEDY, Set.of(), intervention);
    }

    /// Positions that the text occupies: the last generated token is never fed.
    public int positions() {
        return prompt.length + Math.max(0, tokens - 1);
    }
}
