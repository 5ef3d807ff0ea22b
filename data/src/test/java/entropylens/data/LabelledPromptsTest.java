package entropylens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledPromptsTest {
    @TempDir Path folder;

    private static LabelledPrompts.Found read(
            Path file, String label, String group, boolean strict) {
        return LabelledPrompts.read(
                List.of(new Prompts.Source(file, file)),
                new LabelledColumns(
                        Optional.empty(),
                        Optional.empty(),
                        label,
                        Optional.of(group).filter(name -> !name.isEmpty())),
                strict);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void labelsAndGroupsAreTextNumbersAndTruthValues() throws IOException {
        Path file =
                file(
                        "p.jsonl",
                        """
                        {"prompt": "a", "l": " x ", "g": 1}
                        {"prompt": "b", "l": 2, "g": "1"}
                        {"prompt": "c", "l": true, "g": 1.5}
                        """);
        List<LabelledPrompt> prompts = read(file, "l", "g", true).prompts();
        assertThat(prompts).extracting(LabelledPrompt::label).containsExactly("x", "2", "true");
        assertThat(prompts).extracting(LabelledPrompt::group).containsExactly("1", "1", "1.5");
        assertThat(read(file, "l", "", true).prompts())
                .extracting(LabelledPrompt::group)
                .containsExactly("000000001", "000000002", "000000003");
        Path csv = file("p.csv", "prompt,l\na,7\n");
        assertThat(read(csv, "l", "", true).prompts().getFirst().label()).isEqualTo("7");
    }

    @Test
    void rowsWithoutPromptLabelOrGroupAreLeftOut() throws IOException {
        Path file =
                file(
                        "p.jsonl",
                        """
                        {"prompt": "", "l": "x", "g": 1}
                        {"prompt": "b", "l": null, "g": 1}
                        {"prompt": "c", "g": 1}
                        {"prompt": "d", "l": "x"}
                        {"prompt": "e", "l": ["x"], "g": 1}
                        {"prompt": "f", "l": "x", "g": 1}
                        """);
        LabelledPrompts.Found found = read(file, "l", "g", false);
        assertThat(found.prompts()).extracting(LabelledPrompt::id).containsExactly("000000006");
        assertThat(found.leftOut())
                .extracting(LeftOut::reason)
                .containsExactly(
                        file + ": line 1, column 'prompt': is empty; fill it or leave the row out",
                        file + ": line 2, column 'l': is empty; such a row has no label",
                        file
                                + ": line 3: there is no column 'l' (did you mean 'g'?); there are 'prompt', 'g'",
                        file
                                + ": line 4: there is no column 'g' (did you mean 'l'?); there are 'prompt', 'l'",
                        file
                                + ": line 5, column 'l': must hold a label, as text or a number, but holds a list");
        assertThatThrownBy(() -> read(file, "l", "g", true))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("line 1, column 'prompt': is empty");
    }

    @Test
    void aColumnThatNoRowHasIsNamed() throws IOException {
        Path file = file("p.csv", "prompt,label\n,a\nx,b\n");
        assertThatThrownBy(() -> read(file, "lable", "", false))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        file
                                + ": row 2 (line 3): there is no column 'lable' (did you mean 'label'?); there are 'prompt', 'label'");
        Path text = file("p.txt", "one\n\ntwo\n");
        assertThatThrownBy(() -> read(text, "label", "", false))
                .hasMessageContaining("there is no column 'label'; there are 'text'");
        Path none = file("none.csv", "prompt,label\n");
        assertThatThrownBy(() -> read(none, "label", "", false))
                .hasMessageContaining("holds no prompts");
    }
}
