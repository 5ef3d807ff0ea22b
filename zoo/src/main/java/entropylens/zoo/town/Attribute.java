package entropylens.zoo.town;

import java.util.List;
import java.util.Locale;

/// What can be known of a resident: how it is asked for, and how it is told. In a wording, `{name}`
/// is the resident, `{pet}` the animal, `{value}` the value, `{he}` and `{his}` the pronouns.
public enum Attribute {
    TRADE(
            Words.TRADES,
            List.of(
                    "What is the trade of {name}?",
                    "Which trade does {name} have?",
                    "What does {name} do for a living?"),
            List.of("{name} is the {value} of Tinytown.", "The {value} of Tinytown is {name}."),
            List.of(
                    "Who is the {value}?",
                    "What is the name of the {value}?",
                    "Which person is the {value}?")),
    PLACE(
            Words.PLACES,
            List.of(
                    "Where does {name} work?",
                    "At which place does {name} work?",
                    "Where is {name} on a working day?"),
            List.of("{He} works at the {value}.", "Every day {he} goes to work at the {value}."),
            List.of(
                    "Who works at the {value}?",
                    "Which person works at the {value}?",
                    "Who can be found at the {value}?")),
    PET(
            Words.ANIMALS,
            List.of(
                    "Which animal lives with {name}?",
                    "What kind of animal does {name} have?",
                    "Which animal does {name} feed?"),
            List.of("{He} has a {value}.", "A {value} lives with {him}."),
            List.of()),
    PET_NAME(
            Words.PET_NAMES,
            List.of(
                    "What is the name of the {pet} of {name}?",
                    "How does {name} call {his} {pet}?",
                    "What is the {pet} of {name} called?"),
            List.of("{His} {pet} is called {value}.", "The name of {his} {pet} is {value}."),
            List.of(
                    "Who has an animal called {value}?",
                    "To whom does {value} belong?",
                    "Who takes care of {value}?")),
    FOOD(
            Words.FOODS,
            List.of(
                    "What does {name} like to eat?",
                    "Which food does {name} like best?",
                    "What is the best food for {name}?"),
            List.of(
                    "{He} likes {value} best of all food.",
                    "Nothing tastes better to {him} than {value}."),
            List.of()),
    COLOUR(
            Words.COLOURS,
            List.of(
                    "Which colour does {name} like best?",
                    "What is the favourite colour of {name}?",
                    "In which colour is the door of {name}?"),
            List.of("{His} favourite colour is {value}.", "{He} has painted {his} door {value}."),
            List.of()),
    INSTRUMENT(
            Words.INSTRUMENTS,
            List.of(
                    "Which instrument does {name} play?",
                    "What does {name} play in the evening?",
                    "On which instrument does {name} make music?"),
            List.of("In the evening {he} plays the {value}.", "{He} plays the {value} very well."),
            List.of()),
    FRIEND(
            List.of(),
            List.of(
                    "Who is the best friend of {name}?",
                    "Whom does {name} like best?",
                    "Which person is the best friend of {name}?"),
            List.of("{His} best friend is {value}.", "{He} likes {value} best of all people."),
            List.of()),
    STREET(
            Words.STREETS,
            List.of(
                    "Where does {name} live?",
                    "In which street does {name} live?",
                    "Where is the house of {name}?"),
            List.of("{He} lives in {value}.", "{His} house is in {value}."),
            List.of()),
    MONTH(
            Words.MONTHS,
            List.of(
                    "When is the birthday of {name}?",
                    "In which month was {name} born?",
                    "In which month is {name} a year older?"),
            List.of("{He} was born in {value}.", "{His} birthday is in {value}."),
            List.of());

    private final List<String> values;
    private final List<String> questions;
    private final List<String> statements;
    private final List<String> inverse;

    Attribute(
            List<String> values,
            List<String> questions,
            List<String> statements,
            List<String> inverse) {
        this.values = values;
        this.questions = questions;
        this.statements = statements;
        this.inverse = inverse;
    }

    /// As a heading in the directory: "pet name".
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// All values that the attribute can have; for [#FRIEND], whose values are people, see
    /// [Town#values].
    List<String> range() {
        return values;
    }

    List<String> questions() {
        return questions;
    }

    List<String> statements() {
        return statements;
    }

    /// Questions for the resident, given the value; only where one resident alone has it.
    List<String> inverseQuestions() {
        return inverse;
    }
}
