package entropylens.zoo.town;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fills the places of a wording: `{name}`; `{Name}` is the same with a capital letter.
final class Phrase {
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

    private final Map<String, String> values = new HashMap<>();

    Phrase with(String key, String value) {
        values.put(key, value);
        return this;
    }

    /// A person under a prefix: `{a}` the name, `{aHe}`, `{aHim}`, `{aHis}`, `{aTrade}` ….
    Phrase with(String key, Resident resident) {
        return with(key, resident.name())
                .with(key + "He", resident.he())
                .with(key + "Him", resident.him())
                .with(key + "His", resident.his())
                .with(key + "Trade", resident.fact(Attribute.TRADE))
                .with(key + "Place", resident.fact(Attribute.PLACE))
                .with(key + "Pet", resident.fact(Attribute.PET))
                .with(key + "PetName", resident.fact(Attribute.PET_NAME))
                .with(key + "Food", resident.fact(Attribute.FOOD))
                .with(key + "Colour", resident.fact(Attribute.COLOUR))
                .with(key + "Plays", resident.fact(Attribute.INSTRUMENT))
                .with(key + "Friend", resident.fact(Attribute.FRIEND))
                .with(key + "Quarter", resident.fact(Attribute.QUARTER))
                .with(key + "Month", resident.fact(Attribute.MONTH));
    }

    /// @throws IllegalArgumentException when the wording has a place that has no value
    String fill(String wording) {
        Matcher matcher = PLACE.matcher(wording);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(
                    result, Matcher.quoteReplacement(value(matcher.group(1), wording)));
        }
        matcher.appendTail(result);
        return capital(result.toString());
    }

    private String value(String key, String wording) {
        String value = values.get(key);
        if (value != null) {
            return value;
        }
        String small = values.get(Character.toLowerCase(key.charAt(0)) + key.substring(1));
        if (small == null) {
            throw new IllegalArgumentException("nothing to put for {" + key + "} in: " + wording);
        }
        return capital(small);
    }

    static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
