package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;

/// Makes multiple-choice questions.
final class Choices {
    /// Every so manieth key of knowledge questions is kept for the held-out part.
    private static final int HELD_OUT_ONE_IN = 10;

    private final Town town;

    Choices(Town town) {
        this.town = town;
    }

    /// Whether questions with this key belong to the held-out part. Does not depend on the seed of
    /// a corpus.
    static boolean heldOut(String key) {
        return Dice.of(key.hashCode(), 7, key.length()).roll(HELD_OUT_ONE_IN) == 0;
    }

    /// A question on a fact of the world, of the held-out keys or of the others.
    Choice knowledge(boolean heldOut, Dice dice) {
        while (true) {
            Choice choice = knowledge(dice);
            if (heldOut(choice.key()) == heldOut) {
                return choice;
            }
        }
    }

    private Choice knowledge(Dice dice) {
        Resident resident = dice.pick(town.residents());
        Attribute attribute = dice.pick(List.of(Attribute.values()));
        FactQuestion asked = FactQuestion.of(resident, attribute, inverse(attribute, dice), dice);
        List<String> others =
                asked.inverse() || attribute == Attribute.FRIEND
                        ? others(attribute == Attribute.FRIEND ? resident.name() : asked.answer())
                        : town.values(attribute);
        return choice(
                Choice.KNOWLEDGE,
                asked.key(),
                "",
                asked.question(),
                asked.answer(),
                List.of(),
                others,
                dice);
    }

    /// Whether to ask for the resident instead of the fact, where that is possible.
    static boolean inverse(Attribute attribute, Dice dice) {
        return !attribute.inverseQuestions().isEmpty() && dice.chance(50);
    }

    private List<String> others(String but) {
        return town.values(Attribute.FRIEND).stream().filter(name -> !name.equals(but)).toList();
    }

    /// A question on the story, the `index`th of those that the story answers.
    static Choice context(Story story, String key, StoryQuestion question, Dice dice) {
        return choice(
                Choice.CONTEXT,
                key,
                story.text(),
                question.question(),
                question.answer(),
                question.plausible(),
                question.others(),
                dice);
    }

    /// A question that only asks which letter an option has.
    Choice naming(Dice dice) {
        List<String> words =
                dice.pick(
                        List.of(
                                Words.FOODS,
                                Words.THINGS,
                                Words.PLACES,
                                Words.ANIMALS,
                                Words.PET_NAMES,
                                Words.MONTHS,
                                Words.WEATHERS,
                                Words.COLOURS,
                                Words.DAYS,
                                Words.FEELINGS,
                                Words.INSTRUMENTS,
                                Words.TRADES,
                                Words.QUARTERS,
                                town.values(Attribute.FRIEND),
                                town.values(Attribute.FRIEND)));
        String answer = dice.pick(words);
        return choice(
                "naming",
                "naming/" + answer,
                "",
                "Which of these is " + answer + "?",
                answer,
                List.of(),
                words,
                dice);
    }

    private static Choice choice(
            String about,
            String key,
            String story,
            String question,
            String answer,
            List<String> plausible,
            List<String> others,
            Dice dice) {
        List<String> wrong = new ArrayList<>(dice.shuffled(plausible));
        wrong.addAll(dice.shuffled(others));
        List<String> options =
                new ArrayList<>(
                        wrong.stream()
                                .filter(option -> !option.equals(answer))
                                .distinct()
                                .limit(3)
                                .toList());
        options = dice.shuffled(options);
        int place = dice.roll(Choice.LETTERS.size());
        options.add(place, answer);
        return new Choice(about, key, story, question, options, place);
    }
}
