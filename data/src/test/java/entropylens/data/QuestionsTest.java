package entropylens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionsTest {
    private static final List<String> OPTIONS = List.of("one", "two", "three", "four");
    private static final String CHOICES = "\"choices\":[\"one\",\"two\",\"three\",\"four\"]";
    private static final String COLUMNS =
            "\"choices\":{\"text\":[\"one\",\"two\",\"three\",\"four\"],\"label\":[\"A\",\"B\",\"C\",\"D\"]}";

    @TempDir Path folder;

    private int files;

    private Path file(String ending, String content) {
        try {
            return Files.writeString(folder.resolve("q" + files++ + "." + ending), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Question plain(String id, int answer) {
        return new Question(id, Optional.empty(), Optional.empty(), "How many?", OPTIONS, answer);
    }

    private static Question one(Path file) {
        List<Question> questions = Questions.read(file, false).questions();
        assertThat(questions).hasSize(1);
        return questions.getFirst();
    }

    private void refused(String ending, String content, String... parts) {
        Path file = file(ending, content);
        assertThatThrownBy(() -> Questions.read(file, false))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString())
                .message()
                .hasLineCount(1)
                .contains(parts);
    }

    @Test
    void mmluIsRead() {
        String question = "{\"question\":\"How many?\"," + CHOICES + ",\"answer\":%s}";
        assertThat(one(file("jsonl", question.formatted("2")))).isEqualTo(plain("1", 2));
        assertThat(one(file("jsonl", question.formatted("\"D\"")))).isEqualTo(plain("1", 3));
        assertThat(one(file("json", "[" + question.formatted("0") + "]"))).isEqualTo(plain("1", 0));
        assertThat(one(file("csv", "How many?,one,two,three,four,B\r\n"))).isEqualTo(plain("1", 1));
        assertThat(one(file("csv", "question,A,B,C,D,answer\nHow many?,one,two,three,four,B\n")))
                .isEqualTo(plain("1", 1));
        assertThat(
                        one(
                                file(
                                        "csv",
                                        "question,choices,answer\nHow many?,\"[\"\"one\"\",\"\"two\"\",\"\"three\"\",\"\"four\"\"]\",3\n")))
                .isEqualTo(plain("1", 3));
        Path parquet =
                Parquet.write(
                        folder.resolve("q.parquet"),
                        "SELECT 'How many?' AS question, 'maths' AS subject, ['one','two','three','four'] AS choices, 1::BIGINT AS answer");
        assertThat(one(parquet))
                .isEqualTo(
                        new Question(
                                "1",
                                Optional.of("maths"),
                                Optional.empty(),
                                "How many?",
                                OPTIONS,
                                1));
    }

    @Test
    void arcIsRead() {
        String published =
                "{\"id\":\"x-1\",\"question\":{\"stem\":\"How many?\",\"choices\":[{\"text\":\"one\",\"label\":\"1\"},{\"text\":\"two\",\"label\":\"2\"},{\"text\":\"three\",\"label\":\"3\"},{\"text\":\"four\",\"label\":\"4\"}]},\"answerKey\":\"3\"}";
        assertThat(one(file("jsonl", published))).isEqualTo(plain("x-1", 2));
        String hub = "{\"question\":\"How many?\"," + COLUMNS + ",\"answerKey\":\"C\"}";
        assertThat(one(file("jsonl", hub))).isEqualTo(plain("1", 2));
        Path parquet =
                Parquet.write(
                        folder.resolve("arc.parquet"),
                        "SELECT 'x' AS id, 'How many?' AS question, {'text': ['one','two','three','four'], 'label': ['A','B','C','D']} AS choices, 'D' AS answerKey");
        assertThat(one(parquet)).isEqualTo(plain("x", 3));
        assertThat(one(file("csv", "question,A,B,C,D,answerKey\nHow many?,one,two,three,four,4\n")))
                .isEqualTo(plain("1", 3));
    }

    @Test
    void openBookQaIsRead() {
        String question =
                "{\"id\":9,\"question_stem\":\"How many?\","
                        + COLUMNS
                        + ",\"answerKey\":\"A\",\"fact1\":\"x\"}";
        assertThat(one(file("jsonl", question))).isEqualTo(plain("9", 0));
    }

    @Test
    void subjectAndContextComeAlong() {
        String question =
                "{\"subject\":\"s\",\"story\":\"Once\",\"question\":\"How many?\","
                        + CHOICES
                        + ",\"answer\":0}";
        assertThat(one(file("jsonl", question)))
                .extracting(Question::subject, Question::context)
                .containsExactly(Optional.of("s"), Optional.of("Once"));
        assertThat(one(file("csv", "question,A,B,C,D,answer,subject\nq,1,2,3,4,A,\n")).subject())
                .isEmpty();
    }

    @Test
    void questionsWithoutFourOptionsAreRefusedOrCounted() {
        String three =
                "{\"question\":\"How many?\",\"choices\":[\"a\",\"b\",\"c\"],\"answer\":0}\n";
        String four = "{\"question\":\"How many?\"," + CHOICES + ",\"answer\":0}\n";
        refused("jsonl", four + three, "line 2, column 'choices': holds 3 options, not four");
        Questions.Found found = Questions.read(file("jsonl", three + four + three), true);
        assertThat(found.questions()).containsExactly(plain("2", 0));
        assertThat(found.dropped()).isEqualTo(2);
        Path none = file("jsonl", three);
        assertThatThrownBy(() -> Questions.read(none, true))
                .hasMessageContaining("none of its 1 questions has four options");
    }

    @Test
    void aWrongAnswerIsNamedWithWhatIsRight() {
        String mmlu = "{\"question\":\"q\"," + CHOICES + ",\"answer\":%s}";
        refused(
                "jsonl",
                mmlu.formatted("4"),
                "line 1, column 'answer': is 4, but must be 0 to 3, or A to D");
        refused("jsonl", mmlu.formatted("-1"), "is -1");
        refused("jsonl", mmlu.formatted("1.5"), "is 1.5");
        refused("jsonl", mmlu.formatted("null"), "is null");
        refused("jsonl", mmlu.formatted("\"E\""), "is \"E\"");
        refused("jsonl", mmlu.formatted("[0]"), "is [0]");
        refused("jsonl", mmlu.formatted("99999999999999999999"), "is 99999999999999999999");
        String arc = "{\"question\":\"q\"," + COLUMNS + ",\"answerKey\":%s}";
        refused(
                "jsonl",
                arc.formatted("\"1\""),
                "column 'answerKey': is \"1\", but must be one of the labels A, B, C, D");
        refused("jsonl", "{\"question\":\"q\"," + CHOICES + "}", "there is no column 'answer'");
        refused(
                "csv",
                "question,A,B,C,D,answer\nq,1,2,3,4,5\n",
                "row 1 (line 2), column 'answer': is \"5\"");
    }

    @Test
    void aWrongQuestionIsNamedByRowAndColumn() {
        refused(
                "jsonl",
                "{\"question\":\"\"," + CHOICES + ",\"answer\":0}",
                "line 1, column 'question': is empty");
        refused(
                "jsonl",
                "{\"question\":7," + CHOICES + ",\"answer\":0}",
                "must hold text, but holds a number");
        refused("jsonl", "{\"question\":\"q\",\"answer\":0}", "there is no column 'choices'");
        refused(
                "jsonl",
                "{\"question\":\"q\",\"choices\":\"abcd\",\"answer\":0}",
                "column 'choices': must hold the options as a JSON list");
        refused(
                "jsonl",
                "{\"question\":\"q\",\"choices\":[\"a\",\"b\",\"c\",3],\"answer\":0}",
                "column 'choices[3]': must hold text, but holds a number");
        refused(
                "jsonl",
                "{\"question\":{\"choices\":[]},\"answerKey\":\"A\"}",
                "column 'question.stem': must hold text, but holds nothing");
        refused(
                "jsonl",
                "{\"question\":\"q\",\"choices\":{\"text\":[\"a\"],\"label\":[]},\"answerKey\":\"A\"}",
                "holds 0 labels for 1 options");
        refused(
                "jsonl",
                "{\"quesion\":\"q\"," + CHOICES + ",\"answer\":0}",
                "there is no column 'question' (did you mean 'quesion'?)");
        refused("txt", "What?", "is plain text; questions are read from JSON, CSV and Parquet");
        refused("jsonl", "", "holds no questions");
        refused(
                "jsonl",
                ("{\"id\":1,\"question\":\"q\"," + CHOICES + ",\"answer\":0}\n").repeat(2),
                "line 2, column 'id': '1' is the id of line 1 too");
    }

    @Test
    void rowsThatAreNoQuestionsAreLeftOutWhereThatIsWanted() {
        String good = "{\"question\":\"q\"," + CHOICES + ",\"answer\":0}\n";
        String bad = "{\"id\":\"b\",\"question\":\"q\"," + CHOICES + ",\"answer\":7}\n";
        Path file = file("jsonl", good + bad + good);
        Questions.Found found = Questions.read(file, false, false);
        assertThat(found.questions()).extracting(Question::id).containsExactly("1", "3");
        assertThat(found.places()).isEqualTo(Map.of("1", "line 1", "3", "line 3"));
        assertThat(found.leftOut())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.id()).isEqualTo("b");
                    assertThat(row.reason()).startsWith(file + ": line 2, column 'answer': is 7");
                });
        Path none = file("jsonl", bad);
        assertThatThrownBy(() -> Questions.read(none, false, false))
                .hasMessageContaining("line 1, column 'answer': is 7");
    }

    @Test
    void aQuestionTwiceIsNoticed() {
        Path file =
                file("jsonl", ("{\"question\":\"q\"," + CHOICES + ",\"answer\":0}\n").repeat(3));
        assertThat(Questions.read(file, false).warnings())
                .containsExactly(
                        file
                                + ": line 2 is the same question as line 1, and 1 more questions occur twice");
    }
}
