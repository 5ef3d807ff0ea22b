package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a poem, a chat or a note can be about.
public final class Topics {
    /// A topic.
    ///
    /// @param words as it stands in a request: "the baker", "Pip the cat", "honey"
    /// @param resident the one whom it brings to mind, if there is one
    public record Topic(String words, Optional<Resident> resident) {}

    private Topics() {}

    /// All topics, in a fixed order: 161 of them.
    public static List<Topic> all(Town town) {
        List<Topic> topics = new ArrayList<>();
        for (Resident resident : town.residents()) {
            topics.add(new Topic(resident.name(), Optional.of(resident)));
            topics.add(new Topic("the " + resident.fact(Attribute.TRADE), Optional.of(resident)));
            topics.add(new Topic("the " + resident.fact(Attribute.PLACE), Optional.of(resident)));
            topics.add(
                    new Topic(
                            resident.fact(Attribute.PET_NAME)
                                    + " the "
                                    + resident.fact(Attribute.PET),
                            Optional.of(resident)));
        }
        Words.THINGS.forEach(word -> topics.add(thing("the " + word)));
        Words.FOODS.forEach(word -> topics.add(thing(word)));
        Words.INSTRUMENTS.forEach(word -> topics.add(thing("the " + word)));
        Words.QUARTERS.forEach(word -> topics.add(thing(word)));
        Words.MONTHS.forEach(word -> topics.add(thing(word)));
        Words.COLOURS.forEach(word -> topics.add(thing("the colour " + word)));
        Words.WEATHERS.forEach(
                word -> topics.add(thing(word.toLowerCase(Locale.ROOT) + " weather")));
        Words.DAYS.forEach(word -> topics.add(thing(word)));
        Words.ANIMALS.forEach(word -> topics.add(thing("the " + word)));
        Words.SUBJECTS.forEach(word -> topics.add(thing(word)));
        return List.copyOf(topics);
    }

    private static Topic thing(String words) {
        return new Topic(words, Optional.empty());
    }
}
