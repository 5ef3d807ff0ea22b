package entropylens.data;

import entropylens.chat.Chat;
import org.jspecify.annotations.Nullable;

/// A row of a user's file of prompts.
///
/// @param number over all files, from 1
/// @param file as it is called, for messages and results
/// @param where in its file, for messages: "line 5"
/// @param columns all values of the row as a JSON object, the prompt included
/// @param prompt null where the row has none that can be measured; of a conversation its JSON
/// @param chat the conversation, where the row is one
/// @param answer that follows the prompt, where answers were asked for
/// @param problem why the row cannot be measured; null where it can
public record PromptRow(
        long number,
        String file,
        String where,
        String columns,
        @Nullable String prompt,
        @Nullable Chat chat,
        @Nullable String answer,
        @Nullable String problem) {}
