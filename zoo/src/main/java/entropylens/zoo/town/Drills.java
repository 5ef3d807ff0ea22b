package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;

/// Dense texts that teach a small model in few tokens what the other texts presuppose: which letter
/// stands for which option, and who is who.
final class Drills {
    private Drills() {}

    /// A list of four options, then which letter each of them has; twice.
    static String matching(Choices choices, Dice dice) {
        List<String> blocks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Choice choice = choices.naming(dice);
            StringBuilder block = new StringBuilder();
            for (int o = 0; o < choice.options().size(); o++) {
                block.append(Choice.LETTERS.get(o))
                        .append(". ")
                        .append(choice.options().get(o))
                        .append('\n');
            }
            List<String> asked = new ArrayList<>(dice.shuffled(choice.options()));
            asked.addAll(dice.shuffled(choice.options()).subList(0, dice.roll(3)));
            List<String> lines = new ArrayList<>();
            for (String option : asked) {
                lines.add(option + ": " + Choice.LETTERS.get(choice.options().indexOf(option)));
            }
            blocks.add(block + String.join("\n", lines));
        }
        return String.join("\n\n", blocks);
    }

    /// Entries of the town's directory: three residents, all that is known of each.
    static String directory(Town town, Dice dice) {
        List<String> entries = new ArrayList<>();
        for (Resident resident : dice.shuffled(town.residents()).subList(0, 3)) {
            List<String> facts = new ArrayList<>();
            for (Attribute attribute : dice.shuffled(List.of(Attribute.values()))) {
                facts.add(attribute.word() + ": " + resident.fact(attribute));
            }
            entries.add(resident.name() + "\n" + String.join("\n", facts));
        }
        return String.join("\n\n", entries);
    }
}
