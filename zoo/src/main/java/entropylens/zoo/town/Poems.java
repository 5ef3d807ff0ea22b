package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Poems of two to four couplets. The lines of a couplet rhyme. Each line has endings and subjects
/// of its own to choose from, so that no line comes twice, not even from a model that always writes
/// what is most probable.
final class Poems {
    private static final int COUPLETS = 4;

    /// Line endings, by rhyme. The first half of a rhyme is for first lines, the other for second
    /// ones.
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
        int couplets = 2 + dice.roll(COUPLETS - 1);
        List<String> lines = new ArrayList<>();
        for (int c = 0; c < couplets; c++) {
            List<String> endings = dice.pick(share(RHYMES, c, COUPLETS));
            int half = endings.size() / 2;
            String first = dice.pick(c == 0 ? STARTS : share(PERSON, c, COUPLETS));
            String second = dice.pick(share(ANYBODY, c, COUPLETS));
            String firstEnd = dice.pick(endings.subList(0, half));
            String secondEnd = dice.pick(endings.subList(half, endings.size()));
            lines.add(phrase.fill(first + " " + firstEnd + ","));
            lines.add(phrase.fill(second + " " + secondEnd + "."));
        }
        return String.join("\n", lines);
    }

    /// Every `of`th element, from the `number`th on.
    private static <T> List<T> share(List<T> all, int number, int of) {
        return IntStream.range(0, all.size())
                .filter(i -> i % of == number)
                .mapToObj(all::get)
                .toList();
    }
}
