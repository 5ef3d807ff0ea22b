package entropylens.zoo.town;

import java.util.List;

/// A question on a fact of the world.
///
/// @param key what it asks, and in which wording
/// @param question in words
/// @param answer the fact, or the resident where the fact is given
/// @param inverse whether the fact is given
record FactQuestion(String key, String question, String answer, boolean inverse) {
    static FactQuestion of(Resident resident, Attribute attribute, boolean inverse, Dice dice) {
        List<String> wordings = inverse ? attribute.inverseQuestions() : attribute.questions();
        int wording = dice.roll(wordings.size());
        String question =
                Portraits.phrase(resident)
                        .with("value", resident.fact(attribute))
                        .fill(wordings.get(wording));
        String key = resident.name() + "/" + attribute + (inverse ? "/inverse/" : "/") + wording;
        return new FactQuestion(
                key, question, inverse ? resident.name() : resident.fact(attribute), inverse);
    }
}
