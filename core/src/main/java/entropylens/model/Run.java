package entropylens.model;

import entropylens.hook.Intervention;
import java.util.Set;

/// One text to be run: a prompt, and what is generated after it.
///
/// @param prompt at least one token
/// @param tokens to generate after it, fewer where the text ends; 0 for none
/// @param sampling how they are chosen
/// @param draw which of the sequences of random numbers of the sampling's seed it draws from
/// @param stopIds tokens that end the text
/// @param intervention what the blocks do
/// @param seenFrom the first position whose rows anybody looks at: those before it may come from
///   another text that begins alike
/// @param stepsFrom the first token of the prompt that is fed by itself, and so is every one after
///   it: as if they had been generated
public record Run(
        int[] prompt,
        int tokens,
        Sampling sampling,
        int draw,
        Set<Integer> stopIds,
        Intervention intervention,
        int seenFrom,
        int stepsFrom) {
    public Run {
        stopIds = Set.copyOf(stopIds);
        if (stepsFrom < 1 && prompt.length > 0 || stepsFrom > prompt.length) {
            throw new IllegalArgumentException(
                    "tokens that are fed one by one begin at 1 to %d, not at %d"
                            .formatted(prompt.length, stepsFrom));
        }
        if (prompt.length == 0) {
            throw new IllegalArgumentException(
                    "the prompt is empty; at least one token is needed (a begin token, for instance)");
        }
    }

    /// A prompt that is fed as one.
    public Run(
            int[] prompt,
            int tokens,
            Sampling sampling,
            int draw,
            Set<Integer> stopIds,
            Intervention intervention,
            int seenFrom) {
        this(prompt, tokens, sampling, draw, stopIds, intervention, seenFrom, prompt.length);
    }

    /// A prompt that is read from its first position on, and not continued.
    public static Run of(int[] prompt, Intervention intervention) {
        return of(prompt, intervention, 0);
    }

    /// A prompt that is read from a position on, and not continued.
    public static Run of(int[] prompt, Intervention intervention, int seenFrom) {
        return new Run(prompt, 0, Sampling.GREEDY, 0, Set.of(), intervention, seenFrom);
    }

    /// Positions that the text occupies: the last generated token is never fed.
    public int positions() {
        return prompt.length + Math.max(0, tokens - 1);
    }
}
