package entropylens.data;

import java.util.Optional;

/// Which columns of a user's files are read, where it is not left to their names.
///
/// @param prompt holds the prompt
/// @param messages holds a conversation: a list of messages
/// @param answer holds what follows, where answers are asked for
/// @param chat whether a model's chat template writes the prompts, so that there may be
///   conversations
/// @param system whether the system says something before each prompt, which conversations do
///   themselves
public record PromptColumns(
        Optional<String> prompt,
        Optional<String> messages,
        Optional<String> answer,
        boolean chat,
        boolean system) {
    /// Of prompts that are given as they are.
    public static PromptColumns plain(Optional<String> prompt, Optional<String> answer) {
        return new PromptColumns(prompt, Optional.empty(), answer, false, false);
    }
}
