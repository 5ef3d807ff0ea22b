package entropylens.chat;

import entropylens.checkpoint.CheckpointException;
import entropylens.gguf.GgufChat;
import entropylens.gguf.GgufModel;
import entropylens.jinja.Template;
import entropylens.jinja.TemplateException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The chat template of a model, and the special tokens that it names. Immutable: any number of
/// threads may render it.
public final class ChatTemplate {
    private static final String CLOCK = "strftime_now";

    private final Template template;
    private final String text;
    private final String place;
    private final Map<String, String> specialTokens;

    private ChatTemplate(
            Template template, String text, String place, Map<String, String> specialTokens) {
        this.template = template;
        this.text = text;
        this.place = place;
        this.specialTokens = specialTokens;
    }

    /// The template of the model in `directory`: of a checkpoint of Hugging Face
    /// `chat_template.jinja` or `tokenizer_config.json`, of a GGUF file the one in it.
    ///
    /// @throws CheckpointException when it is there, but cannot be used
    public static Optional<ChatTemplate> find(Path directory) {
        ObjectNode config = TemplateFiles.json(directory.resolve(TemplateFiles.CONFIG));
        Optional<TemplateFiles.Found> found = TemplateFiles.find(directory, config);
        if (found.isPresent()) {
            String text = found.get().text();
            Template template = parse(text, directory.resolve(found.get().place()).toString());
            return Optional.of(
                    new ChatTemplate(
                            template,
                            text,
                            found.get().place(),
                            SpecialTokens.read(directory, config, template.names())));
        }
        return GgufModel.find(directory).flatMap(ChatTemplate::ofGguf);
    }

    private static Optional<ChatTemplate> ofGguf(Path file) {
        GgufChat chat = GgufChat.read(file);
        return chat.template()
                .map(text ->
                        new ChatTemplate(
                                parse(text, "%s (%s)".formatted(file, GgufChat.KEY)),
                                text,
                                GgufChat.KEY,
                                chat.specialTokens()));
    }

    private static Template parse(String text, String name) {
        try {
            return Template.parse(text, name);
        } catch (TemplateException e) {
            throw new CheckpointException(e.getMessage() + "", e);
        }
    }

    /// The template of the model in `directory`, which must be there.
    ///
    /// @throws CheckpointException when it is not, or cannot be used
    public static ChatTemplate open(Path directory) {
        return find(directory)
                .orElseThrow(() ->
                        new CheckpointException(
                                "%s: has no chat template, neither in %s nor in %s; a base model has none, and an instruct model's may have to be downloaded"
                                        .formatted(
                                                directory,
                                                TemplateFiles.FILE,
                                                TemplateFiles.CONFIG)));
    }

    /// Where it was found: the name of a file beside the weights, or of a key of a GGUF file.
    public String place() {
        return place;
    }

    /// Which template it is: the hash of its text.
    public String sha256() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /// Whether what it makes depends on the day: some templates print it.
    public boolean readsClock() {
        return template.names().contains(CLOCK);
    }

    /// The text of a conversation, with what makes the model answer at its end
    /// (`add_generation_prompt`), unless the chat says otherwise. It has all special tokens that it
    /// needs: encode it without adding any.
    ///
    /// @throws CheckpointException when the template cannot be rendered, or refuses the
    ///   conversation
    public String render(Chat chat) {
        return render(chat, LocalDateTime::now);
    }

    /// The same at another time, which some templates print.
    public String render(Chat chat, Supplier<LocalDateTime> clock) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        variables.put("add_generation_prompt", true);
        variables.put("tools", null);
        variables.put("documents", null);
        variables.putAll(specialTokens);
        variables.putAll(chat.variables());
        variables.put("messages", chat.messages());
        try {
            return template.render(variables, clock);
        } catch (TemplateException e) {
            throw new CheckpointException(e.getMessage() + "", e);
        }
    }
}
