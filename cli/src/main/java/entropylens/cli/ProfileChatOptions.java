package entropylens.cli;

import entropylens.chat.Chat;
import entropylens.chat.ChatTemplate;
import entropylens.result.ChatPrompt;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Whether the prompt is a message to an instruct model, written with its chat template.
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ProfileChatOptions {
    @Mixin ChatOptions form;

    @Option(
            names = "--messages",
            paramLabel = "FILE.json",
            description =
                    "Take a whole conversation instead of a prompt: a list of {role, content}, or an object with messages and further variables of the template. Implies --chat.")
    @Nullable Path messages;

    @Option(
            names = "--show-prompt",
            description = "Print what the template made, on standard error.")
    boolean showPrompt;

    /// Whether a template is used.
    boolean used() {
        return form.chat || messages != null;
    }

    /// Why the options do not go together; empty where they do.
    Optional<String> contradiction(PromptOptions input) {
        if (form.chat && form.system != null && messages != null) {
            return Optional.of(
                    "--messages has the system's message in the file; leave out --system");
        }
        if (showPrompt && !used()) {
            return Optional.of("--show-prompt shows what --chat or --messages makes; add one");
        }
        if (form.chat && input.tokenIds != null) {
            return Optional.of("--token-ids are no message; leave out --chat, or give text");
        }
        return form.contradiction(used());
    }

    /// The text that a template makes of the prompt; empty where none is used.
    ///
    /// @param prompt the user's message, unless it is in a file of messages
    /// @param err where the text is shown, if that was asked for
    Optional<ChatPrompt> prompt(Path model, Supplier<String> prompt, PrintWriter err) {
        if (!used()) {
            return Optional.empty();
        }
        ChatTemplate template = ChatTemplate.open(model);
        Chat said = messages == null ? Chat.of(form.system, prompt.get()) : Chat.read(messages);
        String text = render(template, said);
        if (text.isEmpty()) {
            throw new CliException(
                    "the chat template (%s) makes an empty prompt of this"
                            .formatted(template.place()));
        }
        if (showPrompt) {
            text.lines().map(Columns::printable).forEach(err::println);
        }
        return Optional.of(new ChatPrompt(template.place(), template.sha256(), text));
    }

    private String render(ChatTemplate template, Chat said) {
        LocalDate today = form.today;
        return today == null ? template.render(said) : template.render(said, today::atStartOfDay);
    }

    /// The ids of another text, read as the prompt is: with `--chat` it is a message, too.
    int[] encode(Path model, String other, ModelText text) {
        return form.chat
                ? text.encodeWithoutSpecialTokens(
                        render(ChatTemplate.open(model), Chat.of(form.system, other)))
                : text.encode(other);
    }
}
