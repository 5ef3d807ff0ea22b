package entropylens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.chat.Chat;
import entropylens.checkpoint.CheckpointException;
import entropylens.family.LoadOptions;
import entropylens.lens.TextProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A conversation with an open model.
class ChatProfileTest {
    /// Words as tokens; the tokenizer itself puts `<s>` before a text.
    private static final String TOKENIZER =
            """
            {"version": "1.0", "truncation": null, "padding": null, "normalizer": null, "decoder": null,
             "added_tokens": [{"id": 0, "content": "<s>", "special": true, "normalized": false,
                               "single_word": false, "lstrip": false, "rstrip": false}],
             "pre_tokenizer": {"type": "WhitespaceSplit"},
             "post_processor": {"type": "TemplateProcessing",
               "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
               "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
               "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}},
             "model": {"type": "WordLevel", "unk_token": "?", "vocab":
               {"<s>": 0, "?": 1, "system": 2, "user": 3, "assistant": 4, "brief": 5, "river": 6, "rhine": 7, "another": 8}}}
            """;

    private static final String TEMPLATE =
            "<s> {% for m in messages %}{{ m.role }} {{ m.content }} {% endfor %}{% if add_generation_prompt %}assistant{% endif %}";

    @TempDir private Path model;

    @BeforeEach
    void model() throws IOException {
        try (Stream<Path> files = Files.list(Goldens.directory("llama-gqa-tied"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Files.writeString(model.resolve("tokenizer.json"), TOKENIZER);
    }

    private EntropyLens open() {
        return EntropyLens.open(model, LoadOptions.NONE, 1);
    }

    @Test
    void aConversationIsProfiledAsTheTemplateWritesItWithOneBeginToken() throws IOException {
        Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
        Chat chat = Chat.of("brief", "river").and("assistant", "rhine").and("user", "another");
        try (EntropyLens lens = open()) {
            int[] ids = lens.encode(chat);
            assertThat(ids).containsExactly(0, 2, 5, 3, 6, 4, 7, 3, 8, 4);
            TextProfile asked = lens.profile(chat, ask -> ask.tokens(3));
            TextProfile given = lens.profile(ids, ask -> ask.tokens(3));
            assertThat(asked.promptIds()).isEqualTo(ids);
            assertThat(asked.generatedIds()).isEqualTo(given.generatedIds());
            assertThat(asked.meanByLayer()).isEqualTo(given.meanByLayer());
            assertThat(lens.encode("river")).containsExactly(0, 6);
        }
    }

    @Test
    void aModelWithoutATemplateTakesNoConversation() {
        try (EntropyLens lens = open()) {
            assertThatThrownBy(() -> lens.profile(Chat.of(null, "river"), ask -> ask))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(model.toString())
                    .hasMessageContaining("has no chat template");
        }
    }
}
