package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void wideCharactersTakeTwoColumnsAndMarksNone() {
        assertThat(Columns.width("abc")).isEqualTo(3);
        assertThat(Columns.width("日本語")).isEqualTo(6);
        assertThat(Columns.width("é한😀")).isEqualTo(5);
        assertThat(Columns.width("e\u0301")).isEqualTo(1);
        assertThat(Columns.width("█▏⏎…▲−±")).isEqualTo(7);
    }

    @Test
    void whatIsCutOffIsMarked() {
        assertThat(Columns.first("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Columns.first("abcdef", 5)).isEqualTo("abcd…");
        assertThat(Columns.last("abcdef", 5)).isEqualTo("…cdef");
        assertThat(Columns.first("日本語", 4)).isEqualTo("日…");
        assertThat(Columns.last("日本語", 4)).isEqualTo("…語");
        assertThat(Columns.first("😀😀😀", 5)).isEqualTo("😀😀…");
        assertThat(Columns.padded("日", 4)).isEqualTo("日  ");
    }

    @Test
    void linesAreCutAfterSpaces() {
        assertThat(Columns.wrapped("one two three", 8)).containsExactly("one two ", "three");
        assertThat(Columns.wrapped("one two three", 7)).containsExactly("one two ", "three");
        assertThat(Columns.wrapped("abcdefgh", 3)).containsExactly("abc", "def", "gh");
        assertThat(Columns.wrapped("日本語", 1)).containsExactly("日", "本", "語");
        assertThat(Columns.wrapped("", 3)).isEmpty();
        assertThat(Columns.wrapped("short", 9)).containsExactly("short");
    }

    @Test
    void whatATerminalActsOnIsMadeVisible() {
        assertThat(Columns.printable("a\nb\u001b[2J\r\t\u0007\u007f\u0085\u009b"))
                .isEqualTo("a⏎b·[2J······");
        assertThat(Columns.printable("\u202e\u2028\u2029\u200e\ufeff\ud800")).isEqualTo("······");
        assertThat(Columns.printable("naïve 日本 👩\u200d🔬")).isEqualTo("naïve 日本 👩\u200d🔬");
    }
}
