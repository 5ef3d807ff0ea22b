/// Chat templates of models: how a conversation becomes the text that an instruct model was trained
/// to go on from, as transformers' `apply_chat_template` makes it.
///
/// [entropylens.chat.ChatTemplate] finds the template of a checkpoint and renders a
/// [entropylens.chat.Chat] with it. A template writes the special tokens itself, so that its text
/// is encoded without adding any.
@NullMarked
package entropylens.chat;

import org.jspecify.annotations.NullMarked;
