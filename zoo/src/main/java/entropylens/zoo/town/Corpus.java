package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// All documents of a corpus, each a function of the seed and its number. The held-out part has
/// numbers of its own, so no story of it is a story of the other part; and of the questions on
/// facts, a tenth of the keys (who, what, in which wording) belongs to the held-out part alone.
public final class Corpus {
    /// What kinds of documents there are, and how many of a hundred are of that kind.
    enum Kind {
        STORY(6),
        PORTRAIT(4),
        DIRECTORY(6),
        CHAT(8),
        POEM(5),
        NOTE(5),
        TASK(8),
        MATCHING(6),
        LISTING(5),
        KNOWLEDGE(21),
        CONTEXT(26);

        private final int percent;

        Kind(int percent) {
            this.percent = percent;
        }
    }

    /// A document.
    ///
    /// @param id part, kind and number
    /// @param kind in words
    /// @param text the text
    public record Document(String id, String kind, String text) {}

    /// Of a hundred stories with questions, those that have one list of options.
    private static final int LISTINGS = 25;

    private static final int TRAIN = 1;
    private static final int HELD_OUT = 2;
    private static final int QUESTIONS = 3;

    private final Town town = Town.found();
    private final StoryTeller teller = new StoryTeller(town);
    private final Choices choices = new Choices(town);
    private final List<Topics.Topic> topics = Topics.all(town);
    private final long seed;

    public Corpus(long seed) {
        this.seed = seed;
    }

    public Town town() {
        return town;
    }

    /// A document of the part that models are trained on.
    public Document train(int index) {
        return document(TRAIN, index);
    }

    /// A document of the part that no model has seen.
    public Document heldOut(int index) {
        return document(HELD_OUT, index);
    }

    /// A story of the part that no model has seen.
    public Story heldOutStory(int index) {
        return teller.tell(Dice.of(seed, 100 + HELD_OUT, index));
    }

    /// A question that no model has seen: one of a fact and one of a story in turn; each letter is
    /// right equally often.
    public Choice question(int index) {
        boolean knowledge = index % 2 == 0;
        int letter = index / 2 % Choice.LETTERS.size();
        for (int attempt = 0; ; attempt++) {
            Dice dice = Dice.of(seed, 1000L * QUESTIONS + attempt, index);
            Choice choice = knowledge ? choices.knowledge(true, dice) : onStory(index, dice);
            if (choice.answer() == letter) {
                return choice;
            }
        }
    }

    private Choice onStory(int index, Dice dice) {
        Story story = teller.tell(dice, false);
        return Choices.context(story, "story " + index, dice.pick(story.questions()), dice);
    }

    private Document document(int part, int index) {
        Dice dice = Dice.of(seed, part, index);
        Kind kind = kind(dice.roll(100));
        String text =
                switch (kind) {
                    case STORY -> teller.tell(dice).text();
                    case PORTRAIT -> Portraits.write(dice.pick(town.residents()), dice);
                    case DIRECTORY -> Drills.directory(town, dice);
                    case MATCHING -> Drills.matching(choices, dice);
                    case LISTING -> Listing.facts(town, part == HELD_OUT, dice);
                    case CHAT -> formatted(Format.CHAT, dice);
                    case POEM -> formatted(Format.POEM, dice);
                    case NOTE -> formatted(Format.NOTE, dice);
                    case TASK ->
                            Task.document(
                                    dice.pick(Arrays.asList(Task.values())),
                                    teller.tell(dice),
                                    dice);
                    case KNOWLEDGE -> knowledge(part == HELD_OUT, dice);
                    case CONTEXT -> context(dice);
                };
        return new Document(
                (part == TRAIN ? "train-" : "heldout-") + index,
                kind.name().toLowerCase(java.util.Locale.ROOT),
                text);
    }

    private static Kind kind(int roll) {
        int sum = 0;
        for (Kind kind : Kind.values()) {
            sum += kind.percent;
            if (roll < sum) {
                return kind;
            }
        }
        throw new IllegalStateException("the shares of the kinds add up to " + sum);
    }

    private String formatted(Format format, Dice dice) {
        Topics.Topic topic = dice.pick(topics);
        return dice.pick(format.requests(topic)) + "\n" + format.write(town, topic, dice);
    }

    /// Three to five questions on facts (twelve without options), some of them merely on which
    /// letter an option has.
    private String knowledge(boolean heldOut, Dice dice) {
        Answering answering = Answering.ofFacts(dice);
        List<String> blocks = new ArrayList<>();
        int count = answering == Answering.WORDS ? 12 : 3 + dice.roll(3);
        for (int i = 0; i < count; i++) {
            Choice choice =
                    dice.chance(20) ? choices.naming(dice) : choices.knowledge(heldOut, dice);
            blocks.add(answering.write(choice));
        }
        return String.join("\n\n", blocks);
    }

    /// A short story and two to four questions on it, or up to eight without options.
    private String context(Dice dice) {
        Story story = teller.tell(dice, false);
        if (dice.chance(LISTINGS)) {
            return "Story: " + story.text() + "\n" + Listing.story(story, dice);
        }
        Answering answering = Answering.ofStories(dice);
        List<StoryQuestion> asked = dice.shuffled(story.questions());
        int count = Math.min(asked.size(), answering == Answering.WORDS ? 8 : 2 + dice.roll(3));
        StringBuilder text = new StringBuilder("Story: ").append(story.text());
        for (StoryQuestion question : asked.subList(0, count)) {
            text.append("\n").append(answering.write(Choices.context(story, "", question, dice)));
        }
        return text.toString();
    }
}
