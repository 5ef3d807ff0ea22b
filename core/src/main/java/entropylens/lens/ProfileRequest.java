package entropylens.lens;

import entropylens.hook.Intervention;
import entropylens.model.Sampling;
import java.util.Set;

/// What to run and what to measure.
///
/// @param tokens tokens to generate; 0 measures every position of the prompt instead, and generates
///   nothing
/// @param sampling how they are chosen
/// @param stopIds tokens that end a text
/// @param intervention what the blocks do
/// @param embedding also reads the stream before the first block, as layer 0
/// @param readout statistics per row
public record ProfileRequest(
        int tokens,
        Sampling sampling,
        Set<Integer> stopIds,
        Intervention intervention,
        boolean embedding,
        ReadoutRequest readout) {
    public ProfileRequest {
        stopIds = Set.copyOf(stopIds);
        if (tokens < 0) {
            throw new IllegalArgumentException("cannot generate " + tokens + " tokens");
        }
    }

    /// Whether the positions of the prompt are measured, instead of those of generated tokens.
    public boolean ofPrompt() {
        return tokens == 0;
    }
}
