package entropylens.study.questions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.study.workbench.StudyException;
import entropylens.tokenizer.TextStream;
import entropylens.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LettersTest {
    /// Splits a text into the longest pieces that it knows; the rest counts as piece 0.
    private record Pieces(List<String> pieces) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return encodeWithoutSpecialTokens(text);
        }

        @Override
        public int[] encodeWithoutSpecialTokens(String text) {
            List<Integer> ids = new ArrayList<>();
            int at = 0;
            while (at < text.length()) {
                int best = 0;
                for (int id = 1; id < pieces.size(); id++) {
                    boolean longer = pieces.get(id).length() > pieces.get(best).length();
                    best = text.startsWith(pieces.get(id), at) && longer ? id : best;
                }
                ids.add(best);
                at = best == 0 ? text.length() : at + pieces.get(best).length();
            }
            return ids.stream().mapToInt(id -> id).toArray();
        }

        @Override
        public String decode(int[] ids) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String token(int id) {
            return pieces.get(id);
        }

        @Override
        public byte[] bytes(int id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int size() {
            return pieces.size();
        }

        @Override
        public boolean contains(int id) {
            return id < size();
        }

        @Override
        public TextStream stream() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void theLettersAreFoundWithTheirSpace() {
        Pieces tokenizer =
                new Pieces(List.of("", "A", "B", "C", "D", " D", " C", " B", " A", "Answer", ":"));
        assertThat(Letters.of("a model", tokenizer).tokens()).containsExactly(8, 7, 6, 5);
    }

    @Test
    void aLetterOfSeveralTokensIsRefused() {
        Pieces tokenizer =
                new Pieces(List.of("", "A", "B", "C", "D", " D", " ", " B", " A", "Answer", ":"));
        assertThatThrownBy(() -> Letters.of("a model", tokenizer))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("a model: its tokenizer writes the letter C after 'Answer:'")
                .hasMessageContaining("['Answer', ':', ' ', 'C']");
    }

    @Test
    void lettersThatTheTokenizerDoesNotKnowAreRefused() {
        Pieces tokenizer = new Pieces(List.of("", "Answer", ":"));
        assertThatThrownBy(() -> Letters.of("a model", tokenizer))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("the letter A after 'Answer:' as ['Answer', ':', '']");
    }

    @Test
    void aLetterThatChangesWhatStandsBeforeItIsRefused() {
        Pieces tokenizer = new Pieces(List.of("", " A", "Answer", ":", ": A"));
        assertThatThrownBy(() -> Letters.of("a model", tokenizer))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("the letter A");
    }

    @Test
    void theAnswerIsTheLargestLogitAndTheMarginIsToTheBestOfTheOthers() {
        double[] logits = {1, 3.5, 3, 3.5};
        assertThat(Letters.largest(logits)).isEqualTo(1);
        assertThat(Letters.margin(logits, 1)).isZero();
        assertThat(Letters.margin(logits, 0)).isEqualTo(-2.5);
        assertThat(Letters.margin(new double[] {1, 5, 3, 2}, 1)).isEqualTo(2);
    }
}
