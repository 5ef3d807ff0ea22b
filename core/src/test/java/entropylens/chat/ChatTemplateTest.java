package entropylens.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import entropylens.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatTemplateTest {
    private static final Chat HI = Chat.of(null, "Hi");

    @TempDir private Path unresolved;
    private Path model;

    @BeforeEach
    void realPath() throws IOException {
        model = unresolved.toRealPath();
    }

    private void write(String name, String content) throws IOException {
        Files.createDirectories(model.resolve(name).getParent());
        Files.writeString(model.resolve(name), content);
    }

    private String rendered(Chat chat) {
        return ChatTemplate.open(model).render(chat);
    }

    @Test
    void theTemplateOfTokenizerConfigIsFoundWithItsSpecialTokens() throws IOException {
        write(
                "tokenizer_config.json",
                """
                {"chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ image_token }}|{{ pad_token }}|{{ add_generation_prompt }}{{ tools }}",
                 "bos_token": {"content": "<s>", "__type": "AddedToken"}, "eos_token": "</s>", "pad_token": null,
                 "extra_special_tokens": {"image_token": "<img>"}, "added_tokens_decoder": {}}
                """);
        write("special_tokens_map.json", "{\"bos_token\": \"<old>\"}");
        assertThat(rendered(HI)).isEqualTo("<s>Hi</s><img>||TrueNone");
        assertThat(ChatTemplate.open(model).place()).isEqualTo("tokenizer_config.json");
        assertThat(ChatTemplate.open(model).sha256()).hasSize(64);
    }

    @Test
    void anOlderCheckpointHasItsTokensInSpecialTokensMap() throws IOException {
        write("tokenizer_config.json", "{\"bos_token\": \"<new>\"}");
        write("special_tokens_map.json", "{\"bos_token\": {\"content\": \"<s>\"}}");
        write("chat_template.jinja", "{{ bos_token }}");
        assertThat(rendered(HI)).isEqualTo("<s>");
    }

    @Test
    void aFileInJinjaGoesBeforeTheConfiguration() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": \"old\"}");
        write("chat_template.jinja", "new");
        write("additional_chat_templates/tool_use.jinja", "tools");
        assertThat(rendered(HI)).isEqualTo("new");
        assertThat(ChatTemplate.open(model).place()).isEqualTo("chat_template.jinja");
    }

    @Test
    void ofNamedTemplatesTheDefaultIsTaken() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"a\"}, {\"name\": \"default\", \"template\": \"b\"}]}");
        assertThat(rendered(HI)).isEqualTo("b");
        assertThat(ChatTemplate.open(model).place())
                .isEqualTo("tokenizer_config.json (template 'default')");
    }

    @Test
    void namedTemplatesWithoutADefaultAreRefusedByName() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": \"of the config\"}");
        write("additional_chat_templates/rag.jinja", "a");
        write("additional_chat_templates/tool_use.jinja", "b");
        assertThatThrownBy(() -> ChatTemplate.find(model))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("[rag, tool_use]", "'default'", "chat_template.jinja");
    }

    @Test
    void aModelWithoutATemplateIsRefusedWithWhereItWasLookedFor() {
        assertThat(ChatTemplate.find(model)).isEmpty();
        assertThatThrownBy(() -> ChatTemplate.open(model))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("no chat template", "tokenizer_config.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"chat_template\": 5}; chat_template must be a text",
                "{\"chat_template\": [{\"name\": \"default\"}]}; chat_template must be a text",
                "{\"chat_template\": \"{{ x\"}; tokenizer_config.json, line 1: expected '}}'",
                "{\"chat_template\": \"x\", \"bos_token\": 5}; bos_token must be a text",
                "{\"chat_template\": \"{{ bos_token }}\", \"tokenizer_class\": \"LlamaTokenizer\"}; does not say what bos_token is",
                "[]; must hold a JSON object",
            })
    void aDamagedConfigurationIsRefused(String config, String reason) throws IOException {
        write("tokenizer_config.json", config);
        assertThatThrownBy(() -> ChatTemplate.find(model))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatATemplateRefusesIsReportedAsItsOwnMessage() throws IOException {
        write("chat_template.jinja", "\n{{ raise_exception('System role not supported') }}");
        assertThatThrownBy(() -> rendered(HI))
                .isInstanceOf(CheckpointException.class)
                .hasMessageEndingWith(
                        "chat_template.jinja, line 2: the template says: System role not supported");
    }

    @Test
    void aTemplateIsGivenTheTime() throws IOException {
        write("chat_template.jinja", "{{ strftime_now('%d %b %Y') }}");
        assertThat(ChatTemplate.open(model).render(HI, () -> LocalDateTime.of(2026, 3, 9, 1, 2)))
                .isEqualTo("09 Mar 2026");
    }

    @Test
    void manyPromptsAreWrittenOnOneDay() throws IOException {
        write(
                "chat_template.jinja",
                "{{ strftime_now('%d %b %Y %H:%M') }} {{ messages | map(attribute='content') | join('/') }}");
        LocalDate day = LocalDate.of(2024, 7, 26);
        ChatForm form = ChatForm.open(model, "Brief.", day);
        assertThat(form.write("Hi")).isEqualTo("26 Jul 2024 00:00 Brief./Hi");
        assertThat(form.write(HI)).isEqualTo("26 Jul 2024 00:00 Hi");
        assertThat(form.printed()).contains(day);
        write("chat_template.jinja", "{{ messages[0].content | trim }}");
        ChatForm other = ChatForm.open(model, null, day);
        assertThat(other.printed()).isEmpty();
        assertThatThrownBy(() -> other.write(" "))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("chat_template.jinja) makes an empty prompt");
    }

    @Test
    void aSystemsMessageComesFirst() throws IOException {
        write(
                "chat_template.jinja",
                "{% for m in messages %}{{ m.role }}:{{ m.content }};{% endfor %}");
        assertThat(rendered(Chat.of("Be brief", "Hi"))).isEqualTo("system:Be brief;user:Hi;");
    }

    @Test
    void aConversationIsReadFromJson() throws IOException {
        write("chat_template.jinja", "{{ messages }}{{ add_generation_prompt }}{{ thinking }}");
        write("list.json", " [{\"role\": \"user\", \"content\": \"Hi\", \"n\": 1}]");
        write(
                "object.json",
                "{\"messages\": [], \"add_generation_prompt\": false, \"thinking\": {\"on\": true}}");
        assertThat(rendered(Chat.read(model.resolve("list.json"))))
                .isEqualTo("[{'role': 'user', 'content': 'Hi', 'n': 1}]True");
        assertThat(rendered(Chat.read(model.resolve("object.json"))))
                .isEqualTo("[]False{'on': True}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{}; 'messages'",
                "[5]; message 1 must be an object with a 'role'",
                "[{\"content\": \"x\"}]; message 1 must be an object with a 'role'",
                "[{]; is not valid JSON",
                "[], \"tools\": []; is not valid JSON",
            })
    void aFileThatIsNoConversationIsRefused(String content, String reason) throws IOException {
        write("chat.json", content);
        assertThatThrownBy(() -> Chat.read(model.resolve("chat.json")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aGgufFileHasItsTemplateAndItsSpecialTokensInItsMetadata() throws IOException {
        Path file = model.resolve("chat.gguf");
        gguf().integer("tokenizer.ggml.unknown_token_id", 0).write(file);
        ChatTemplate template = ChatTemplate.open(file);
        assertThat(template.render(HI)).isEqualTo("<s>Hi</s><unk>|");
        assertThat(template.place()).isEqualTo("tokenizer.chat_template");
        assertThat(ChatTemplate.open(model).sha256()).isEqualTo(template.sha256());
    }

    @Test
    void aGgufFileWhoseSpecialTokenIsInNoVocabularyIsRefused() throws IOException {
        Path file = model.resolve("chat.gguf");
        gguf().integer("tokenizer.ggml.padding_token_id", 3).write(file);
        assertThatThrownBy(() -> ChatTemplate.find(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        "tokenizer.ggml.padding_token_id is 3, but there are 3 tokens");
    }

    private static GgufWriter gguf() {
        return GgufWriter.of("llama")
                .text(
                        "tokenizer.chat_template",
                        "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ unk_token }}|{{ pad_token }}")
                .texts("tokenizer.ggml.tokens", List.of("<unk>", "<s>", "</s>"))
                .integer("tokenizer.ggml.bos_token_id", 1)
                .integer("tokenizer.ggml.eos_token_id", 2);
    }
}
