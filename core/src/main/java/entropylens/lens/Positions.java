package entropylens.lens;

import entropylens.model.Sampling;
import java.util.Set;

/// The positions of a text that are measured.
public sealed interface Positions {
    /// Every position of the prompt; nothing is generated.
    record OfPrompt() implements Positions {
        @Override
        public int tokens() {
            return 0;
        }
    }

    /// The positions that predict the tokens of an answer that is given ([Prompt#answer]): the
    /// first is the last of the prompt. Nothing is generated.
    record OfAnswer() implements Positions {
        @Override
        public int tokens() {
            return 0;
        }
    }

    /// The positions that predict the tokens that are generated: the first is the last of the
    /// prompt.
    ///
    /// @param tokens to generate, at least one; fewer where the text ends
    /// @param sampling how they are chosen
    /// @param stopIds tokens that end a text
    record Generated(int tokens, Sampling sampling, Set<Integer> stopIds) implements Positions {
        public Generated {
            stopIds = Set.copyOf(stopIds);
            if (tokens < 1) {
                throw new IllegalArgumentException(
                        "at least one token must be generated, not %d; to measure the prompt, ask for Positions.OfPrompt"
                                .formatted(tokens));
            }
        }
    }

    /// Those of the prompt.
    Positions PROMPT = new OfPrompt();

    /// Those that predict a given answer.
    Positions ANSWER = new OfAnswer();

    /// Greedy generation.
    static Generated greedy(int tokens, Set<Integer> stopIds) {
        return new Generated(tokens, Sampling.GREEDY, stopIds);
    }

    /// Tokens to generate at most.
    int tokens();
}
