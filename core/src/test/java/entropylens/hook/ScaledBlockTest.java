package entropylens.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaledBlockTest {
    @ParameterizedTest
    @ValueSource(strings = {"3:0:1", "1:1:0", "12:0.5:-0.25", "2:10:1", "4:0:0"})
    void aWordIsReadAndWrittenAgain(String word) {
        assertThat(ScaledBlock.parse(word)).hasToString(word);
    }

    @Test
    void blocksAreCountedFromOneInWords() {
        assertThat(ScaledBlock.parse("3:0.5:2"))
                .isEqualTo(new ScaledBlock(2, new BlockAction(0.5f, 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "3:0", "0:0:1", "3:0:1:1", "3:a:1", "3:NaN:1", "3:1e5:1"})
    void anythingElseIsRefused(String word) {
        assertThatThrownBy(() -> ScaledBlock.parse(word))
                .hasMessageContaining("for example 3:0:1, but is " + word);
    }

    @Test
    void whatChangesNothingIsRefused() {
        assertThatThrownBy(() -> ScaledBlock.parse("3:1:1.0"))
                .hasMessageContaining("changes nothing");
    }

    @Test
    void skippedAndScaledBlocksAreToldApart() {
        Intervention all =
                Intervention.skip(4, 1)
                        .scaled(List.of(ScaledBlock.parse("1:0:0"), ScaledBlock.parse("3:0:1")));
        assertThat(all.skipped()).containsExactly(0, 1, 4);
        assertThat(all.scaled()).containsExactly(ScaledBlock.parse("3:0:1"));
        assertThatThrownBy(() -> all.scaled(List.of(ScaledBlock.parse("2:0:1"))))
                .hasMessageContaining("block 2 is named twice");
    }
}
