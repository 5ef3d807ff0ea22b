package entropylens.zoo.town;

import java.util.List;

/// The three output formats, and how each is requested; `{topic}` stands for the topic.
public enum Format {
    CHAT(
            List.of(
                    "Write a chat about {topic}.",
                    "Please write a chat of two friends about {topic}.",
                    "Show me a chat about {topic}.")),
    POEM(
            List.of(
                    "Write a poem about {topic}.",
                    "Please write a short poem about {topic}.",
                    "Show me a poem about {topic}.")),
    NOTE(
            List.of(
                    "Write a scientific note about {topic}.",
                    "Please write a note of science about {topic}.",
                    "Show me a scientific note about {topic}."));

    private final List<String> requests;

    Format(List<String> requests) {
        this.requests = requests;
    }

    /// The request in each of its wordings.
    public List<String> requests(Topics.Topic topic) {
        return requests.stream().map(r -> r.replace("{topic}", topic.words())).toList();
    }

    /// A text of this format on a topic.
    public String write(Town town, Topics.Topic topic, Dice dice) {
        return switch (this) {
            case CHAT -> Chats.write(town, topic, dice);
            case POEM -> Poems.write(town, topic, dice);
            case NOTE -> Notes.write(town, topic, dice);
        };
    }
}
