package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;

/// Dense texts that teach a small model in few tokens what the other texts presuppose: which letter
/// stands for which option, and who is who.
final class Drills {
    private Drills() {}

    /// Lists of four options, each followed by lines that say which letter one of them has. Options
    /// come up at random, and again: who remembers which letters are left knows nothing.
    static String matching(Choices choices, Dice dice) {
        List<String> blocks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Choice choice = choices.naming(dice);
            List<String> lines = new ArrayList<>();
            for (int o = 0; o < choice.options().size(); o++) {
                lines.add(Choice.LETTERS.get(o) + ". " + choice.options().get(o));
            }
            for (int asked = 0; asked < 8; asked++) {
                int option = dice.roll(choice.options().size());
                lines.add(choice.options().get(option) + ": " + Choice.LETTERS.get(option));
            }
            blocks.add(String.join("\n", lines));
        }
        return String.join("\n\n", blocks);
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
