package entropylens.zoo.town;

import java.util.List;

/// A question that the story just told answers.
///
/// @param question in words
/// @param answer as an option of a multiple-choice question
/// @param plausible other things of the same kind that the story names
/// @param others all things of the same kind
public record StoryQuestion(
        String question, String answer, List<String> plausible, List<String> others) {
    public StoryQuestion {
        plausible = List.copyOf(plausible);
        others = List.copyOf(others);
    }
}
