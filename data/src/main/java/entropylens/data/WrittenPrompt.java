package entropylens.data;

import org.jspecify.annotations.Nullable;

/// A prompt that a chat template wrote.
///
/// @param template SHA-256 of its text
/// @param system what the system says before the prompt, or null
/// @param text what the template made, which was encoded without adding special tokens
public record WrittenPrompt(String template, @Nullable String system, String text) {}
