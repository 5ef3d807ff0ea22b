package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;

/// Notes in the manner of a scientific piece: title, aim, method, result, conclusion; the numbers
/// of one note agree with each other.
final class Notes {
    private static final List<String> TITLE =
            List.of(
                    "A note on {topic}",
                    "On {topic}",
                    "{topic}: a study",
                    "Observations of {topic}");
    private static final List<String> AIM =
            List.of(
                    "We ask how often {topic} is spoken of in Tinytown.",
                            "We study the effect of {weather} weather on {topic}.",
                    "The aim is to measure the role of {topic} in {quarter}.",
                            "It is not known whether {topic} depends on the {place}.");
    private static final List<String> METHOD =
            List.of(
                    "On {n} days we observed {topic} at the {place}.",
                            "{n} residents were asked about {topic} at the {place}.",
                    "We took {n} samples at the {place}, always on a {day}.",
                            "{name} the {trade} counted {topic} {n} times.");
    private static final List<String> DETAIL =
            List.of(
                    "{name} helped us, who works at the {ownPlace}.",
                    "The {pet} {petName} of {name} was present.",
                    "All measurements were made in {month}.",
                    "The instrument was the {plays} of {name}.",
                    "The weather was {weather} throughout.",
                    "{name} was given {food} as a reward.");
    private static final List<String> RESULT =
            List.of(
                    "The effect was seen in {k} % of the cases.",
                    "In {k} % of the cases the answer was yes.",
                    "We found it in {k} % of the cases, and not in {rest} %.",
                    "{k} % of the values were high, and {rest} % were low.");
    private static final List<String> CONCLUSION =
            List.of(
                    "We conclude that {topic} matters.",
                    "We conclude that the {place} matters more than {topic}.",
                    "More data on {topic} are needed.",
                    "This agrees with the work of {name}.",
                    "The effect is {size}.");

    private Notes() {}

    static String write(Town town, Topics.Topic topic, Dice dice) {
        Resident resident = topic.resident().orElseGet(() -> dice.pick(town.residents()));
        int n = 5 + dice.roll(16);
        int k = 10 * (1 + dice.roll(9));
        Phrase phrase =
                Portraits.phrase(resident)
                        .with("ownPlace", resident.fact(Attribute.PLACE))
                        .with("topic", topic.words())
                        .with("place", dice.pick(Words.PLACES))
                        .with("quarter", dice.pick(Words.QUARTERS))
                        .with("weather", dice.pick(Words.WEATHERS))
                        .with("day", dice.pick(Words.DAYS))
                        .with("month", dice.pick(Words.MONTHS))
                        .with("n", Integer.toString(n))
                        .with("k", Integer.toString(k))
                        .with("rest", Integer.toString(100 - k))
                        .with("size", k > 60 ? "large" : k < 40 ? "small" : "moderate");
        List<String> lines = new ArrayList<>();
        lines.add("Title: " + phrase.fill(dice.pick(TITLE)));
        lines.add("Aim: " + phrase.fill(dice.pick(AIM)));
        lines.add(
                "Method: "
                        + phrase.fill(dice.pick(METHOD))
                        + (dice.chance(60) ? " " + phrase.fill(dice.pick(DETAIL)) : ""));
        lines.add("Result: " + phrase.fill(dice.pick(RESULT)));
        lines.add("Conclusion: " + phrase.fill(dice.pick(CONCLUSION)));
        return String.join("\n", lines);
    }
}
