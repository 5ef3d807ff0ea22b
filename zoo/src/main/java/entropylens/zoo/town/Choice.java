package entropylens.zoo.town;

import java.util.List;

/// A multiple-choice question with four options.
///
/// @param about "knowledge" (a fact of the world) or "context" (the story just told)
/// @param key what it asks, whatever the options: questions of one key are never on both sides of
///   train and held-out
/// @param story what is told first; empty for knowledge
/// @param question in words
/// @param options four of them
/// @param answer index of the right one
public record Choice(
        String about, String key, String story, String question, List<String> options, int answer) {
    static final String KNOWLEDGE = "knowledge";
    static final String CONTEXT = "context";

    /// The letters of the options.
    public static final List<String> LETTERS = List.of("A", "B", "C", "D");

    public Choice {
        options = List.copyOf(options);
        if (options.size() != LETTERS.size()
                || options.stream().distinct().count() != options.size()) {
            throw new IllegalArgumentException(
                    "four different options are needed, but are " + options);
        }
        if (answer < 0 || answer >= options.size()) {
            throw new IllegalArgumentException("the answer must be 0..3, but is " + answer);
        }
    }

    /// Question and options, up to where the letter of the answer begins; without the story.
    public String asked() {
        StringBuilder text = new StringBuilder("Question: ").append(question);
        for (int i = 0; i < options.size(); i++) {
            text.append('\n').append(LETTERS.get(i)).append(". ").append(options.get(i));
        }
        return text.append("\nAnswer:").toString();
    }

    /// The whole prompt, story included.
    public String prompt() {
        return story.isEmpty() ? asked() : "Story: " + story + "\n" + asked();
    }

    String letter() {
        return LETTERS.get(answer);
    }
}
