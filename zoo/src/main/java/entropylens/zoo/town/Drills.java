package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;

/// Dense texts that teach a small model in few tokens what the other texts presuppose: which letter
/// stands for which option, and who is who.
final class Drills {
    private Drills() {}

    /// How an option is asked for, and its letter. All put a space before the option, as lists of
    /// options do: at the start of a line the same word is another token.
    private static final List<String> FORMS =
            List.of(" %s %s", " %s %s", "Answer of %s: %s", "In words: %s\nLetter: %s");

    /// How many options a list has, drawn from this: with one of them there is nothing to choose,
    /// and that answers are letters of the list is learnt before which of them.
    private static final List<Integer> OPTIONS = List.of(1, 1, 2, 2, 3, 4);

    /// Three lists of one to four options, each followed by lines that say which letter one of them
    /// has. Options come up at random, and again: who remembers which letters are left knows
    /// nothing.
    static String matching(Choices choices, Dice dice) {
        List<String> blocks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            blocks.add(String.join("\n", block(choices, dice)));
        }
        return String.join("\n\n", blocks);
    }

    private static List<String> block(Choices choices, Dice dice) {
        int count = dice.pick(OPTIONS);
        List<String> options = choices.naming(dice).options().subList(0, count);
        List<String> letters =
                dice.shuffled(Choice.LETTERS).subList(0, count).stream().sorted().toList();
        List<String> lines = new ArrayList<>();
        for (int o = 0; o < count; o++) {
            lines.add(letters.get(o) + ". " + options.get(o));
        }
        String form = dice.pick(FORMS);
        for (int asked = 0; asked <= count; asked++) {
            int option = dice.roll(count);
            lines.add(form.formatted(options.get(option), letters.get(option)));
        }
        return lines;
    }

    /// Entries of the town's directory: sixteen facts.
    static String directory(Town town, Dice dice) {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Resident resident = dice.pick(town.residents());
            Attribute attribute = dice.pick(List.of(Attribute.values()));
            entries.add(
                    "the %s of %s: %s"
                            .formatted(
                                    attribute.word(), resident.name(), resident.fact(attribute)));
        }
        return String.join("\n", entries);
    }
}
