package entropylens.study.tellapart;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.study.workbench.StudyPrompt;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenBagsTest {
    private static StoredText text(int number, int[] prompt, int... generated) {
        TextRow row =
                new TextRow(
                        "tasks",
                        "m",
                        StudyPrompt.id(number),
                        "g",
                        number == 0 ? "counting" : "continuation",
                        null,
                        "w",
                        null,
                        prompt,
                        generated,
                        null,
                        null);
        return new StoredText(row, 0, 1, Map.of());
    }

    private final LabelledTexts texts =
            LabelledTexts.of(
                    List.of(
                            text(0, new int[] {9, 1, 1, 1, 1, 1, 1, 1, 2}, 5, 5, 7),
                            text(1, new int[] {2}, 7)),
                    Tasks.PLAN.classes());

    /// Tokens stand in the order of how many texts have them, then by id: 7, 5.
    @Test
    void aBagIsTheShareOfEachTokenAmongTheTexts() {
        assertThat(TokenBags.generated(texts))
                .isDeepEqualTo(new double[][] {{1.0 / 3, 2.0 / 3}, {1, 0}});
    }

    /// The ninth token from the end is not among them.
    @Test
    void ofAPromptTheLastEightTokensCount() {
        assertThat(TokenBags.prompted(texts))
                .isDeepEqualTo(new double[][] {{1.0 / 8, 7.0 / 8}, {1, 0}});
    }
}
