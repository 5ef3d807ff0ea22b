package entropylens.data;

import java.util.List;
import java.util.Optional;

/// A multiple-choice question with four options.
///
/// @param id the file's own, or else the number of the row, from 1; no two are the same
/// @param context a text that the question is about
/// @param options four
/// @param answer the right option, from 0
public record Question(
        String id,
        Optional<String> subject,
        Optional<String> context,
        String question,
        List<String> options,
        int answer) {}
