package entropylens.zoo.town;

import java.util.List;

/// What can be known of a resident: how it is asked for, and how it is told. In a wording, `{name}`
/// is the resident, `{pet}` the animal, `{value}` the value, `{he}` and `{his}` the pronouns.
public enum Attribute {
    TRADE(
            Words.TRADES,
            "trade",
            List.of("{name} is the {value} of Tinytown.", "The {value} of Tinytown is {name}."),
            List.of(
                    "Who is the {value}?",
                    "Which person is the {value}?",
                    "What is the name of the {value}?")),
    PLACE(
            Words.PLACES,
            "place",
            List.of("{He} works at the {value}.", "Every day {he} goes to work at the {value}."),
            List.of(
                    "Who works at the {value}?",
                    "Which person works at the {value}?",
                    "Who is found at the {value}?")),
    PET(
            Words.ANIMALS,
            "animal",
            List.of("{He} has a {value}.", "A {value} lives with {him}."),
            List.of()),
    PET_NAME(
            Words.PET_NAMES,
            "pet",
            List.of("{His} {pet} is called {value}.", "The name of {his} {pet} is {value}."),
            List.of(
                    "Who has a pet called {value}?",
                    "Who takes care of {value}?",
                    "Which person feeds {value}?")),
    FOOD(
            Words.FOODS,
            "food",
            List.of(
                    "{He} likes {value} best of all food.",
                    "Nothing tastes better to {him} than {value}."),
            List.of()),
    COLOUR(
            Words.COLOURS,
            "colour",
            List.of("{His} favourite colour is {value}.", "{He} has painted {his} door {value}."),
            List.of()),
    INSTRUMENT(
            Words.INSTRUMENTS,
            "instrument",
            List.of("In the evening {he} plays the {value}.", "{He} plays the {value} very well."),
            List.of()),
    FRIEND(
            List.of(),
            "friend",
            List.of("{His} best friend is {value}.", "{He} likes {value} best of all people."),
            List.of()),
    QUARTER(
            Words.QUARTERS,
            "quarter",
            List.of("{He} lives in {value}.", "{His} house is in {value}."),
            List.of()),
    MONTH(
            Words.MONTHS,
            "month",
            List.of("{He} was born in {value}.", "{His} birthday is in {value}."),
            List.of());

    /// All end alike: small models learn sooner to look at a fixed distance than for a meaning.
    private static final List<String> QUESTIONS =
            List.of(
                    "What is the %s of {name}?",
                    "Which is the %s of {name}?", "Do you know the %s of {name}?");

    private final List<String> values;
    private final String word;
    private final List<String> statements;
    private final List<String> inverse;

    Attribute(List<String> values, String word, List<String> statements, List<String> inverse) {
        this.values = values;
        this.word = word;
        this.statements = statements;
        this.inverse = inverse;
    }

    /// What it is called: "food".
    String word() {
        return word;
    }

    /// All values that the attribute can have; for [#FRIEND], whose values are people, see
    /// [Town#values].
    List<String> range() {
        return values;
    }

    List<String> questions() {
        return QUESTIONS.stream().map(question -> question.formatted(word)).toList();
    }

    List<String> statements() {
        return statements;
    }

    /// Questions for the resident, given the value; only where one resident alone has it.
    List<String> inverseQuestions() {
        return inverse;
    }
}
