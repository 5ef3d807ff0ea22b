package entropylens.study.questions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.chat.ChatForm;
import entropylens.study.workbench.StudyException;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.ZooSubject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model whose prompts a chat template writes.
class ChatSubjectTest {
    @TempDir private Path folder;

    private final ZooSubject zoo = new ZooSubject();

    @AfterEach
    void close() {
        zoo.close();
    }

    private Subject inChat(String template) throws IOException {
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        return new Subject(
                "small",
                zoo.subject.loaded(),
                zoo.subject.tokenizer(),
                zoo.subject.untrainedSeed(),
                true,
                Optional.of(ChatForm.open(folder, "be brief", LocalDate.EPOCH)),
                List.of());
    }

    private int[] ids(String text) {
        return zoo.subject.tokenizer().encodeWithoutSpecialTokens(text);
    }

    @Test
    void aPromptIsWhatTheTemplateWritesWithOneBeginToken() throws IOException {
        Subject subject =
                inChat("<|bos|>{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}");
        StudyPrompt prompt = StudyPrompt.asked(subject, "1", null, null, null, null, "hello");
        assertThat(prompt.text()).isEqualTo("hello");
        assertThat(prompt.ids())
                .isEqualTo(ids("<|bos|>system: be brief\nuser: hello\n"))
                .isEqualTo(subject.encode("hello"));
        int begin = zoo.subject.encode("hello")[0];
        assertThat(IntStream.of(prompt.ids()).filter(id -> id == begin).count()).isEqualTo(1);
        assertThat(prompt.written()).isNotNull();
        assertThat(prompt.written().system()).isEqualTo("be brief");
        assertThat(prompt.written().text()).endsWith("user: hello\n");
        StudyPrompt plain = StudyPrompt.asked(zoo.subject, "1", null, null, null, null, "hello");
        assertThat(plain.written()).isNull();
        assertThat(plain.ids()).isEqualTo(zoo.subject.encode("hello"));
    }

    /// The answer begins behind the template, where lm-evaluation-harness sets no space.
    @Test
    void aLetterBehindATemplateHasNoSpace() throws IOException {
        Letters plain = Letters.of(zoo.subject);
        Letters chat = Letters.of(inChat("{{ messages[-1].content }}\na:\n"));
        for (int i = 0; i < 4; i++) {
            String letter = String.valueOf("ABCD".charAt(i));
            assertThat(chat.tokens()[i]).isEqualTo(ids(letter)[0]);
            assertThat(plain.tokens()[i]).isEqualTo(ids(" " + letter)[0]);
        }
        assertThat(chat.tokens()).doesNotContain(plain.tokens());
    }

    @Test
    void aTemplateThatALetterGrowsTogetherWithIsRefused() throws IOException {
        Subject subject = inChat("{{ messages[-1].content }}\na ");
        assertThatThrownBy(() -> Letters.of(subject))
                .isInstanceOf(StudyException.class)
                .hasMessageContaining("its tokenizer writes the letter A after 'a' as [");
    }
}
