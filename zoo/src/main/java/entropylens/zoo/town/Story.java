package entropylens.zoo.town;

import java.util.List;

/// A story, and what can be asked about it.
///
/// @param hero whom it is about
/// @param subject what it is about, as in "Rosa and a red kite"
/// @param sentences in order
/// @param questions whose answers the story alone decides
public record Story(
        Resident hero, String subject, List<String> sentences, List<StoryQuestion> questions) {
    public Story {
        sentences = List.copyOf(sentences);
        questions = List.copyOf(questions);
    }

    public String text() {
        return String.join(" ", sentences);
    }

    public int words() {
        return text().split(" ").length;
    }
}
