package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;

/// Poems of two to four couplets. The lines of a couplet rhyme.
final class Poems {
    /// Line endings, by rhyme.
    private static final List<List<String>> RHYMES =
            List.of(
                    List.of(
                            "at the break of day",
                            "along the way",
                            "on a bed of hay",
                            "where the children play",
                            "across the bay",
                            "when the sky is grey"),
                    List.of(
                            "in the morning light",
                            "until the night",
                            "with a lamp so bright",
                            "on a hill of white",
                            "with a star in sight",
                            "beside the kite"),
                    List.of(
                            "beneath the tree",
                            "beside the sea",
                            "with the honey bee",
                            "with a cup of tea",
                            "as all can see",
                            "with the garden key"),
                    List.of(
                            "through the little town",
                            "in a hat of brown",
                            "as the rain comes down",
                            "in an evening gown",
                            "with a paper crown"),
                    List.of(
                            "by the garden wall",
                            "with a rubber ball",
                            "in the early fall",
                            "beside the hall",
                            "with a friendly call"),
                    List.of(
                            "while the blackbirds sing",
                            "in the days of spring",
                            "with a silver ring",
                            "like a happy king",
                            "on a piece of string"),
                    List.of(
                            "beneath the moon",
                            "in the afternoon",
                            "with a wooden spoon",
                            "to a merry tune",
                            "on a night in June"),
                    List.of(
                            "with a loaf of bread",
                            "with a ball of thread",
                            "in a coat of red",
                            "while we lie in bed",
                            "with a nod of the head"),
                    List.of(
                            "in the open air",
                            "at the summer fair",
                            "on a wooden chair",
                            "with the greatest care",
                            "up the winding stair"),
                    List.of(
                            "with a lamp in hand",
                            "on the yellow sand",
                            "with the village band",
                            "in a distant land",
                            "where the houses stand"),
                    List.of(
                            "with a heart of gold",
                            "when the wind is cold",
                            "as I was told",
                            "like the kings of old",
                            "where the bread is sold"),
                    List.of(
                            "while the river flows",
                            "where the wild thyme grows",
                            "in the winter snows",
                            "as the north wind blows",
                            "beside the rose"));

    private static final List<String> STARTS =
            List.of(
                    "I think of {topic}",
                    "We sing of {topic}",
                    "They speak of {topic}",
                    "I dream of {topic}",
                    "We tell of {topic}",
                    "{name} thinks of {topic}",
                    "{name} sings of {topic}",
                    "{name} writes of {topic}");

    private static final List<String> PERSON =
            List.of(
                    "{name} walks",
                    "{name} sits",
                    "{name} waits",
                    "{name} dreams",
                    "The {trade} works",
                    "The {trade} hums",
                    "The {trade} rests",
                    "{petName} runs",
                    "The {pet} jumps",
                    "The {pet} sleeps",
                    "The {plays} sounds",
                    "{name} is glad",
                    "{name} lives",
                    "{name} stays");

    private static final List<String> ANYBODY =
            List.of(
                    "The lantern glows",
                    "The people dance",
                    "The children run",
                    "A bell rings out",
                    "The old cart rolls",
                    "The wind goes by",
                    "The boats come home",
                    "We laugh and walk",
                    "I wait for you",
                    "The town lies still",
                    "A candle burns",
                    "The market wakes");

    private Poems() {}

    static String write(Town town, Topics.Topic topic, Dice dice) {
        Resident resident = topic.resident().orElseGet(() -> dice.pick(town.residents()));
        Phrase phrase = Portraits.phrase(resident).with("topic", topic.words());
        List<List<String>> rhymes = dice.shuffled(RHYMES);
        int couplets = 2 + dice.roll(3);
        List<String> lines = new ArrayList<>();
        List<String> persons = dice.shuffled(PERSON);
        List<String> anybody = dice.shuffled(ANYBODY);
        for (int c = 0; c < couplets; c++) {
            List<String> endings = dice.shuffled(rhymes.get(c));
            String first = c == 0 ? dice.pick(STARTS) : persons.get(2 * c);
            String second = dice.chance(50) ? persons.get(2 * c + 1) : anybody.get(c);
            lines.add(phrase.fill(first + " " + endings.get(0) + ","));
            lines.add(phrase.fill(second + " " + endings.get(1) + "."));
        }
        return String.join("\n", lines);
    }
}
