package entropylens.zoo.town;

import java.util.Map;

/// Somebody who lives in Tinytown.
///
/// @param name first name, unlike any other
/// @param woman she or he
/// @param facts what is true of the resident in every text of the corpus
public record Resident(String name, boolean woman, Map<Attribute, String> facts) {
    public Resident {
        facts = Map.copyOf(facts);
    }

    public String fact(Attribute attribute) {
        String value = facts.get(attribute);
        if (value == null) {
            throw new IllegalArgumentException(
                    "nothing is known of the " + attribute + " of " + name);
        }
        return value;
    }

    String he() {
        return woman ? "she" : "he";
    }

    String him() {
        return woman ? "her" : "him";
    }

    String his() {
        return woman ? "her" : "his";
    }

    /// As in "the cat Pip".
    String pet() {
        return fact(Attribute.PET) + " " + fact(Attribute.PET_NAME);
    }
}
