package entropylens.study.questions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.data.DataException;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.TestSettings;
import entropylens.zoo.town.Choice;
import entropylens.zoo.town.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionSetTest {
    @TempDir Path folder;

    @Test
    void questionsOnTinytownReadAsTheZooWasTrained() {
        Corpus corpus = new Corpus(QuestionSet.TINYTOWN);
        QuestionSet set = QuestionSet.of(TestSettings.of(Preset.QUICK), 8);
        for (int i = 0; i < 8; i++) {
            Choice choice = corpus.question(i);
            MultipleChoice question = set.measured().get(i);
            assertThat(set.prompt(question)).isEqualTo(choice.prompt()).endsWith("\nAnswer:");
            assertThat(question.answer()).isEqualTo(choice.answer());
            assertThat(question.subject()).isEqualTo(i % 2 == 0 ? "knowledge" : "context");
        }
    }

    @Test
    void shotsAreOtherQuestionsOfTheSameSubjectFirst() {
        QuestionSet set = QuestionSet.of(TestSettings.withShots(2), 40);
        for (MultipleChoice question : set.measured()) {
            String prompt = set.prompt(question);
            List<String> parts = List.of(prompt.split("\n\n"));
            assertThat(parts).hasSize(3);
            assertThat(parts.getLast()).isEqualTo(question.asked());
            for (String example : parts.subList(0, 2)) {
                MultipleChoice shown =
                        set.others().stream()
                                .filter(other -> other.answered().equals(example))
                                .findFirst()
                                .orElseThrow();
                assertThat(shown.subject()).isEqualTo(question.subject());
                assertThat(shown.group()).isNotEqualTo(question.group());
                assertThat(example).endsWith(" " + "ABCD".charAt(shown.answer()));
            }
        }
    }

    private Path file(int questions) throws IOException {
        Path file = folder.resolve("questions.jsonl");
        Files.writeString(
                file,
                IntStream.range(0, questions)
                        .mapToObj(i ->
                                "{\"id\": \"q%d\", \"context\": \"text %d\", \"question\": \"Is it %d?\", \"choices\": [\"a\", \"b\", \"c\", \"d\"], \"answer\": %d}"
                                        .formatted(i, i / 2, i, i % 4))
                        .collect(Collectors.joining("\n")));
        return file;
    }

    @Test
    void questionsOfAFileAreDrawnWithTheSeedAndSomeAreKeptApart() throws IOException {
        Path file = file(40);
        QuestionSet set = QuestionSet.of(TestSettings.withFile(file, 0, 1), 400);
        assertThat(set.measured()).hasSize(30);
        assertThat(set.others()).hasSize(10).doesNotContainAnyElementsOf(set.measured());
        assertThat(QuestionSet.of(TestSettings.withFile(file, 0, 1), 400)).isEqualTo(set);
        assertThat(QuestionSet.of(TestSettings.withFile(file, 0, 2), 400)).isNotEqualTo(set);
        assertThat(set.measured().getFirst().asked())
                .startsWith("Story: text ")
                .contains("\nQuestion: Is it ")
                .endsWith("\nA. a\nB. b\nC. c\nD. d\nAnswer:");
        assertThat(QuestionSet.of(TestSettings.withFile(file, 0, 1), 7).measured()).hasSize(7);
    }

    @Test
    void questionsOnOneTextAreOneGroup() throws IOException {
        QuestionSet set = QuestionSet.of(TestSettings.withFile(file(40), 0, 1), 400);
        int[] groups = set.groups();
        for (int i = 0; i < groups.length; i++) {
            for (int j = 0; j < i; j++) {
                boolean sameText =
                        set.measured().get(i).context().equals(set.measured().get(j).context());
                assertThat(groups[i] == groups[j]).isEqualTo(sameText);
            }
        }
    }

    @Test
    void questionsWithOtherThanFourOptionsAreLeftOutWhereThatIsWanted() throws IOException {
        Path file = file(8);
        Files.writeString(
                file,
                "\n{\"id\": \"three\", \"question\": \"Which?\", \"choices\": [\"a\", \"b\", \"c\"], \"answer\": 0}",
                StandardOpenOption.APPEND);
        QuestionSet tolerant = QuestionSet.of(TestSettings.withFile(file, 0, 1), 400);
        assertThat(tolerant.leftOut())
                .singleElement()
                .satisfies(row ->
                        assertThat(row.reason())
                                .contains("questions.jsonl: line 9, column 'choices': holds 3"));
        assertThat(tolerant.notes())
                .singleElement()
                .satisfies(note -> assertThat(note).contains("measured: 1 question. "));
        assertThatThrownBy(() -> QuestionSet.of(TestSettings.strictly(file), 400))
                .hasMessageContaining("line 9, column 'choices': holds 3 options")
                .hasMessageContaining("--four-options-only");
        QuestionSet set = QuestionSet.of(TestSettings.withFourOptionsOnly(file), 400);
        assertThat(set.measured().size() + set.others().size()).isEqualTo(8);
        assertThat(set.warnings())
                .containsExactly(
                        "questions.jsonl: 1 questions with another number of options than four were left out");
    }

    @Test
    void tooFewQuestionsAreRefused() throws IOException {
        Path three = file(3);
        assertThatThrownBy(() -> QuestionSet.of(TestSettings.withFile(three, 0, 1), 400))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("questions.jsonl: holds 3 questions; at least 4 are needed");
        Path eight = file(8);
        assertThatThrownBy(() -> QuestionSet.of(TestSettings.withFile(eight, 8, 1), 400))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("holds 8 questions; at least 9 are needed");
    }
}
