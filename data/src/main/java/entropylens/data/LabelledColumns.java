package entropylens.data;

import java.util.Optional;

/// The columns of a user's file of labelled prompts.
///
/// @param prompt holds the prompt, where it is not one of the usual names
/// @param answer holds an answer to it, where answers are measured
/// @param label names the class
/// @param group names what prompts share with others, where they do
public record LabelledColumns(
        Optional<String> prompt, Optional<String> answer, String label, Optional<String> group) {}
