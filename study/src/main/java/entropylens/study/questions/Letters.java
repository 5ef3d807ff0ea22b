package entropylens.study.questions;

import entropylens.study.workbench.StudyException;
import entropylens.study.workbench.Subject;
import entropylens.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The tokens that answer a multiple-choice question: of each letter the one that writes it, with
/// the space before it, after "Answer:", as lm-evaluation-harness finds them; or, behind a chat
/// template, the one without.
///
/// @param tokens one for each letter
public record Letters(int[] tokens) {
    private static final int MOST_SHOWN = 8;

    /// What a prompt ends in.
    static final String BEFORE = "Answer:";

    /// Those of a model that is asked as it is in a study. What a chat template makes of a prompt
    /// is where the answer begins: there the letter has no space before it.
    ///
    /// @throws StudyException when a letter is not one token that says so
    public static Letters of(Subject subject) {
        return subject.chat()
                .map(form -> of(subject.name(), subject.tokenizer(), form.write(BEFORE), ""))
                .orElseGet(() -> of(subject.name(), subject.tokenizer()));
    }

    /// Those of a model that is given prompts as they are.
    ///
    /// @throws StudyException when a letter is not one token that says so
    static Letters of(String model, Tokenizer tokenizer) {
        return of(model, tokenizer, BEFORE, " ");
    }

    private static Letters of(String model, Tokenizer tokenizer, String prompt, String space) {
        int[] before = tokenizer.encodeWithoutSpecialTokens(prompt);
        List<Integer> tokens = new ArrayList<>();
        for (String letter : MultipleChoice.LETTERS) {
            int[] both = tokenizer.encodeWithoutSpecialTokens(prompt + space + letter);
            boolean goesOn =
                    both.length == before.length + 1
                            && Arrays.equals(Arrays.copyOf(both, before.length), before);
            if (!goesOn || !tokenizer.token(both[before.length]).strip().equals(letter)) {
                throw new StudyException(
                        "%s: its tokenizer writes the letter %s after '%s' as %s, not as one token of its own; answers by letter cannot be compared"
                                .formatted(model, letter, end(prompt), shown(tokenizer, both)));
            }
            tokens.add(both[before.length]);
        }
        return new Letters(tokens.stream().mapToInt(id -> id).toArray());
    }

    /// The last line, which is what the letter follows.
    private static String end(String prompt) {
        return prompt.strip().lines().reduce((_, last) -> last).orElse("");
    }

    private static String shown(Tokenizer tokenizer, int[] ids) {
        return Arrays.stream(ids)
                .skip(Math.max(0, ids.length - MOST_SHOWN))
                .mapToObj(id -> "'" + tokenizer.token(id) + "'")
                .toList()
                .toString();
    }

    /// The logits of the letters among those of the whole vocabulary, which begin at `offset`.
    double[] of(float[] logits, int offset) {
        return Arrays.stream(tokens).mapToDouble(token -> logits[offset + token]).toArray();
    }

    /// The letter with the largest logit; of equal ones the first.
    static int largest(double[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    /// The logit of one letter less the largest of the others: above 0 where it is the answer.
    static double margin(double[] logits, int letter) {
        double others = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
            others = i == letter ? others : Math.max(others, logits[i]);
        }
        return logits[letter] - others;
    }
}
