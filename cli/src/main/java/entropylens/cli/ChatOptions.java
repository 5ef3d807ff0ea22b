package entropylens.cli;

import entropylens.chat.Chat;
import entropylens.chat.ChatTemplate;
import entropylens.result.ChatPrompt;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether the prompt is a message to an instruct model, written with its chat template.
final class ChatOptions {
    @Option(
            names = "--chat",
            description =
                    "Take the prompt as a user's message and write it with the model's chat template.")
    boolean chat;

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            description = "What the system says before it; only with --chat.")
    @Nullable String system;

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
        return chat || messages != null;
    }

    /// Why the options do not go together; empty where they do.
    Optional<String> contradiction(PromptOptions input) {
        if (system != null && !chat) {
            return Optional.of("--system is for --chat; add --chat, or leave it out");
        }
        if (system != null && messages != null) {
            return Optional.of(
                    "--messages has the system's message in the file; leave out --system");
        }
        if (showPrompt && !used()) {
            return Optional.of("--show-prompt shows what --chat or --messages makes; add one");
        }
        if (chat && input.tokenIds != null) {
            return Optional.of("--token-ids are no message; leave out --chat, or give text");
        }
        return Optional.empty();
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
        Chat said = messages == null ? Chat.of(system, prompt.get()) : Chat.read(messages);
        String text = template.render(said);
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
}
