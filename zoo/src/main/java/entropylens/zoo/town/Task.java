package entropylens.zoo.town;

import java.util.List;

/// The three task types: questions on a story that ask for quite different kinds of work.
public enum Task {
    CONTINUATION(
            List.of(
                    "How can the story go on?",
                    "What could happen next in the story?",
                    "Please continue the story.")),
    COUNTING(
            List.of(
                    "How many words does the story have?",
                    "Count the words of the story.",
                    "What is the number of words in the story?")),
    SEMANTIC(
            List.of(
                    "Who or what is the story about?",
                    "What is the subject of the story?",
                    "Please name the subject of the story."));

    private final List<String> wordings;

    Task(List<String> wordings) {
        this.wordings = wordings;
    }

    /// The question in each of its wordings.
    public List<String> wordings() {
        return wordings;
    }

    /// The prompt: the story, and the question after it or before it, up to where the answer
    /// begins.
    public static String prompt(String story, String question, boolean questionFirst) {
        return questionFirst
                ? "Question: " + question + "\nStory: " + story + "\nAnswer:"
                : "Story: " + story + "\nQuestion: " + question + "\nAnswer:";
    }

    /// A whole document: prompt and answer. A story that is to be continued lacks its last
    /// sentences, which are the answer.
    static String document(Task task, Story story, Dice dice) {
        String question = dice.pick(task.wordings);
        boolean first = dice.chance(50);
        if (task == CONTINUATION) {
            List<String> all = story.sentences();
            int kept = all.size() - 1 - dice.roll(2);
            return prompt(String.join(" ", all.subList(0, kept)), question, first)
                    + " "
                    + String.join(" ", all.subList(kept, all.size()));
        }
        String answer =
                task == COUNTING
                        ? dice.pick(
                                "The story has " + story.words() + " words.",
                                "It has " + story.words() + " words.")
                        : dice.pick(
                                "The story is about " + story.subject() + ".",
                                "It is about " + story.subject() + ".");
        return prompt(story.text(), question, first) + " " + answer;
    }
}
