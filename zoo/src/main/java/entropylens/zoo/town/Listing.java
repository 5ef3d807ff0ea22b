package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One list of options, and then several questions on it, answered by letter. A question stands
/// right before its answer here, so that a small model can learn to find the letter of what it
/// knows before it has to look for the question beyond the options.
final class Listing {
    private static final int MAX_QUESTIONS = 6;

    /// How many options a list has, drawn from this.
    private static final List<Integer> OPTIONS = List.of(1, 2, 2, 3, 4, 4);

    private Listing() {}

    /// Three lists of facts of one kind each.
    ///
    /// @param heldOut whether the questions are of the keys that are kept for the held-out part
    static String facts(Town town, boolean heldOut, Dice dice) {
        List<String> blocks = new ArrayList<>();
        while (blocks.size() < 3) {
            block(town, heldOut, dice).ifPresent(blocks::add);
        }
        return String.join("\n\n", blocks);
    }

    /// Of several options one is not asked for, so that no answer is what is left.
    private static Optional<String> block(Town town, boolean heldOut, Dice dice) {
        Attribute attribute = dice.pick(List.of(Attribute.values()));
        boolean inverse = Choices.inverse(attribute, dice);
        List<Resident> listed = differing(town, attribute, dice.pick(OPTIONS), dice);
        List<FactQuestion> asked =
                listed.stream()
                        .skip(listed.size() > 1 ? 1 : 0)
                        .map(resident -> FactQuestion.of(resident, attribute, inverse, dice))
                        .filter(question -> Choices.heldOut(question.key()) == heldOut)
                        .toList();
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                write(
                        listed.stream()
                                .map(resident ->
                                        inverse ? resident.name() : resident.fact(attribute))
                                .toList(),
                        asked.stream().map(FactQuestion::question).toList(),
                        asked.stream().map(FactQuestion::answer).toList(),
                        dice));
    }

    /// Residents who differ in this.
    private static List<Resident> differing(Town town, Attribute attribute, int count, Dice dice) {
        Set<String> facts = new HashSet<>();
        List<Resident> some = new ArrayList<>();
        for (Resident resident : dice.shuffled(town.residents())) {
            if (some.size() < count && facts.add(resident.fact(attribute))) {
                some.add(resident);
            }
        }
        return some;
    }

    /// Questions on a story, to stand after it.
    static String story(Story story, Dice dice) {
        int count = dice.pick(OPTIONS);
        Set<String> options = new HashSet<>();
        List<StoryQuestion> asked = new ArrayList<>();
        for (StoryQuestion question : dice.shuffled(story.questions())) {
            if (options.size() < count || options.contains(question.answer())) {
                options.add(question.answer());
                asked.add(question);
            }
        }
        asked = dice.shuffled(asked);
        asked = asked.subList(0, Math.min(asked.size(), MAX_QUESTIONS));
        return write(
                asked.stream().map(StoryQuestion::answer).distinct().toList(),
                asked.stream().map(StoryQuestion::question).toList(),
                asked.stream().map(StoryQuestion::answer).toList(),
                dice);
    }

    private static String write(
            List<String> given, List<String> questions, List<String> answers, Dice dice) {
        List<String> options = dice.shuffled(given);
        List<String> letters =
                dice.shuffled(Choice.LETTERS).subList(0, options.size()).stream().sorted().toList();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            lines.add(letters.get(i) + ". " + options.get(i));
        }
        for (int i = 0; i < questions.size(); i++) {
            lines.add("Question: " + questions.get(i));
            lines.add("Answer: " + letters.get(options.indexOf(answers.get(i))));
        }
        return String.join("\n", lines);
    }
}
