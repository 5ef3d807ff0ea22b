package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ProfileChatTest {
    private static final String SHORT = "--tokens 1 --format json ";

    @TempDir private Path folder;
    private Path model;

    @BeforeEach
    void modelWithTemplate() {
        model = TestModel.withChat(folder);
    }

    private JsonNode json(String options, String... more) {
        return Cli.profile(model, SHORT + options, more).succeeded().json();
    }

    private static int[] promptIds(JsonNode json) {
        return Cli.ints(json.required("prompt_ids"));
    }

    @Test
    void theTemplatesTextIsEncodedWithoutASecondBeginToken() {
        assertThat(promptIds(json("--chat", "hello")))
                .isEqualTo(TestModel.begun(TestModel.SPELLED, "user hello\nmodel "));
        assertThat(promptIds(json("", "hello")))
                .isEqualTo(TestModel.begun(TestModel.ADDED, "hello"));
    }

    @Test
    void theResultSaysWhichTemplateWasUsed() {
        JsonNode chat = json("--chat --system", "be brief", "hello").required("chat");
        assertThat(chat.required("template").asString()).isEqualTo("chat_template.jinja");
        assertThat(chat.required("template_sha256").asString()).hasSize(64);
        assertThat(chat.required("prompt").asString())
                .isEqualTo("<|end|>system be brief\nuser hello\nmodel ");
        assertThat(json("", "hello").required("chat").isNull()).isTrue();
    }

    @Test
    void aConversationComesFromAFile() {
        Path messages = folder.resolve("messages.json");
        TestModel.write(
                messages,
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}], \"add_generation_prompt\": false}");
        assertThat(promptIds(json("--messages " + messages)))
                .isEqualTo(TestModel.begun(TestModel.SPELLED, "user a\nassistant b\n"));
    }

    @Test
    void whatWasMadeIsShownOnStandardError() {
        TestModel.edit(model.resolve("chat_template.jinja"), "model ", "model {{ '\\x1b' }}");
        Cli run = Cli.profile(model, SHORT + "--chat --show-prompt", "hello");
        assertThat(run.code()).isZero();
        assertThat(run.err().lines()).containsExactly("<|end|>user hello", "model ·");
    }

    @Test
    void whatTheTemplateRefusesIsSaid() {
        TestModel.write(
                model.resolve("chat_template.jinja"),
                "{% if messages[0].role == 'system' %}\n{{ raise_exception('No system role') }}{% endif %}x");
        Cli run = Cli.profile(model, SHORT + "--chat --system", "be brief", "hello");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().strip())
                .endsWith("chat_template.jinja, line 2: the template says: No system role");
    }

    @Test
    void aModelWithoutATemplateIsRefused() {
        Cli run = Cli.profile(TestModel.withTokenizer(folder), SHORT + "--chat", "hello");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("has no chat template");
    }

    @Test
    void theDayThatATemplatePrintsCanBeChosen() {
        TestModel.write(model.resolve("chat_template.jinja"), "{{ strftime_now('%B') | lower }}");
        assertThat(promptIds(json("--chat --today 2026-05-02", "hello")))
                .isEqualTo(TestModel.ids("may"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--system x hello; --system is for --chat",
                "--show-prompt hello; --show-prompt shows what --chat or --messages makes",
                "--chat --token-ids 1,2; --token-ids are no message",
                "--messages m.json hello; the prompt is given more than once",
                "--chat --messages m.json --system x; leave out --system",
                "--today 2026-11-28 hello; --today is for --chat",
                "--chat; a prompt is needed",
            })
    void optionsThatDoNotGoTogetherAreRefused(String options, String reason) {
        Cli run = Cli.profile(model, options);
        assertThat(run.code()).as(Arrays.toString(options.split(" "))).isEqualTo(2);
        assertThat(run.err()).contains(reason);
    }

    /// The other text is a message, too, after the same system's.
    @Test
    void theTextThatRowsAreTakenFromIsWrittenAsThePromptIs() {
        JsonNode patched =
                json("--chat --patch 1:3 --system", "be brief", "hello", "--patch-from", "goodbye")
                        .required("patched");
        assertThat(Cli.ints(patched.required("from_ids")))
                .isEqualTo(
                        TestModel.begun(
                                TestModel.SPELLED, "system be brief\nuser goodbye\nmodel "));
        JsonNode plain = json("--patch 1:3 --patch-from", "goodbye", "hello").required("patched");
        assertThat(Cli.ints(plain.required("from_ids")))
                .isEqualTo(TestModel.begun(TestModel.ADDED, "goodbye"));
    }
}
