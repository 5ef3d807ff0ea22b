package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;

/// Tells what is known of a resident.
final class Portraits {
    private Portraits() {}

    /// The resident as `{name}`, `{he}`, `{his}`, `{him}`, `{trade}`, `{pet}`, `{petName}` ….
    static Phrase phrase(Resident resident) {
        return new Phrase()
                .with("name", resident.name())
                .with("he", resident.he())
                .with("him", resident.him())
                .with("his", resident.his())
                .with("trade", resident.fact(Attribute.TRADE))
                .with("place", resident.fact(Attribute.PLACE))
                .with("pet", resident.fact(Attribute.PET))
                .with("petName", resident.fact(Attribute.PET_NAME))
                .with("plays", resident.fact(Attribute.INSTRUMENT))
                .with("food", resident.fact(Attribute.FOOD));
    }

    /// Trade first, then four to all of the other facts in random order.
    static String write(Resident resident, Dice dice) {
        List<String> sentences = new ArrayList<>();
        sentences.add(tell(resident, Attribute.TRADE, dice));
        List<Attribute> others = new ArrayList<>(List.of(Attribute.values()));
        others.remove(Attribute.TRADE);
        int told = 4 + dice.roll(others.size() - 3);
        for (Attribute attribute : dice.shuffled(others).subList(0, told)) {
            sentences.add(tell(resident, attribute, dice));
        }
        return String.join(" ", sentences);
    }

    static String tell(Resident resident, Attribute attribute, Dice dice) {
        return phrase(resident)
                .with("value", resident.fact(attribute))
                .fill(dice.pick(attribute.statements()));
    }
}
