package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;

/// Chats of two residents, six to ten lines, each line with its speaker.
final class Chats {
    private static final List<String> HELLO =
            List.of(
                    "Good morning, {b}!",
                    "Hello {b}!",
                    "Hi {b}, are you there?",
                    "Good evening, {b}.");
    private static final List<String> REPLY =
            List.of(
                    "Hello {a}!",
                    "Good to hear from you, {a}.",
                    "Hi {a}. I am at the {bPlace}.",
                    "Hello {a}! How is {aPetName}?",
                    "Hi {a}! How is your {aPet}?");
    private static final List<String> TOPIC =
            List.of(
                    "Have you heard about {topic}?",
                    "Let us talk about {topic}.",
                    "What do you think of {topic}?",
                    "Everybody speaks of {topic} today.",
                    "I have a question about {topic}.");
    private static final List<String> VIEW =
            List.of(
                    "I like {topic} very much.",
                    "I do not know much about {topic}.",
                    "I could talk about {topic} all day.",
                    "{c} told me about {topic}.",
                    "Ask {c} the {cTrade}, who knows all about {topic}.",
                    "I heard of {topic} at the {place}.");
    private static final List<List<String>> EXCHANGES =
            List.of(
                    List.of("Shall we meet at the {place}?", "Yes, at the {place} on {day}."),
                    List.of("What are you eating?", "I am eating {bFood}, as always."),
                    List.of(
                            "Do you still play the {bPlays}?",
                            "Yes, I play the {bPlays} every evening."),
                    List.of("How is your {bPet}?", "{bPetName} is fine and asleep."),
                    List.of("Where is {c}?", "I think {c} is at the {cPlace}."),
                    List.of("When is your birthday?", "In {bMonth}, as you know."),
                    List.of("What shall I bring for {c}?", "{c} likes {cFood} best."),
                    List.of(
                            "Do you still live in {bQuarter}?",
                            "Yes, in {bQuarter}, the house with the {bColour} door."),
                    List.of("Who is your best friend?", "My best friend is {bFriend}."),
                    List.of("Have you seen my {thing}?", "Your {thing} is at the {place}."),
                    List.of("Is it {weather} where you are?", "It is very {weather} here."));
    private static final List<String> BYE =
            List.of(
                    "See you on {day}, {b}!",
                    "Goodbye, {b}.",
                    "I must go back to the {aPlace} now.",
                    "{aPetName} is hungry, I must go.");
    private static final List<String> LAST =
            List.of(
                    "Goodbye, {a}!",
                    "See you soon.",
                    "Take care, {a}.",
                    "Say hello to {aPetName}!");

    private Chats() {}

    static String write(Town town, Topics.Topic topic, Dice dice) {
        List<Resident> cast = dice.shuffled(town.residents());
        Resident a = cast.get(0);
        Resident b = cast.get(1);
        Resident c = topic.resident().filter(r -> r != a && r != b).orElse(cast.get(2));
        Phrase phrase =
                new Phrase()
                        .with("a", a)
                        .with("b", b)
                        .with("c", c)
                        .with("topic", topic.words())
                        .with("place", dice.pick(Words.PLACES))
                        .with("day", dice.pick(Words.DAYS))
                        .with("weather", dice.pick(Words.WEATHERS))
                        .with("thing", dice.pick(Words.COLOURS) + " " + dice.pick(Words.THINGS));
        List<String> lines = new ArrayList<>();
        lines.add(dice.pick(HELLO));
        lines.add(dice.pick(REPLY));
        lines.add(dice.pick(TOPIC));
        lines.add(dice.pick(VIEW));
        int exchanges = 1 + dice.roll(2);
        for (List<String> exchange : dice.shuffled(EXCHANGES).subList(0, exchanges)) {
            lines.addAll(exchange);
        }
        if (dice.chance(70)) {
            lines.add(dice.pick(BYE));
            lines.add(dice.pick(LAST));
        }
        for (int i = 0; i < lines.size(); i++) {
            lines.set(i, (i % 2 == 0 ? a : b).name() + ": " + phrase.fill(lines.get(i)));
        }
        return String.join("\n", lines);
    }
}
