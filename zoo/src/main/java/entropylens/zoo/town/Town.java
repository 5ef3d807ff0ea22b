package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Tinytown: 16 residents, each with ten facts that hold in every text of every corpus. The facts
/// do not depend on a corpus's seed, so that models of different corpora know the same world.
public final class Town {
    /// Which of all possible towns this is. Changing it makes all shipped models wrong.
    private static final long FOUNDED = 1871;

    private final List<Resident> residents;

    private Town(List<Resident> residents) {
        this.residents = List.copyOf(residents);
    }

    public static Town found() {
        Dice dice = new Dice(FOUNDED);
        List<String> names = names();
        int n = names.size();
        Map<Attribute, List<String>> dealt = new EnumMap<>(Attribute.class);
        for (Attribute attribute : Attribute.values()) {
            dealt.put(attribute, deal(attribute, n, dice));
        }
        // a trade is plied at its own place
        dealt.computeIfPresent(Attribute.PLACE, (place, values) -> places(dealt));
        dealt.put(Attribute.FRIEND, friends(names, dice));
        List<Resident> residents = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            Map<Attribute, String> facts = new EnumMap<>(Attribute.class);
            int resident = i;
            dealt.forEach((attribute, values) -> facts.put(attribute, values.get(resident)));
            residents.add(new Resident(names.get(i), Words.WOMEN.contains(names.get(i)), facts));
        }
        return new Town(residents);
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Words.WOMEN.size(); i++) {
            names.add(Words.WOMEN.get(i));
            names.add(Words.MEN.get(i));
        }
        return names;
    }

    private static List<String> places(Map<Attribute, List<String>> dealt) {
        return dealt.getOrDefault(Attribute.TRADE, List.of()).stream()
                .map(trade -> Words.PLACES.get(Words.TRADES.indexOf(trade)))
                .toList();
    }

    /// Each value equally often, in random order.
    private static List<String> deal(Attribute attribute, int n, Dice dice) {
        List<String> values = attribute.range();
        List<String> cards = new ArrayList<>();
        for (int i = 0; i < n && !values.isEmpty(); i++) {
            cards.add(values.get(i % values.size()));
        }
        return dice.shuffled(cards);
    }

    /// Everybody is the best friend of exactly one other: along one ring through the town.
    private static List<String> friends(List<String> names, Dice dice) {
        List<String> ring = dice.shuffled(names);
        return names.stream()
                .map(name -> ring.get((ring.indexOf(name) + 1) % ring.size()))
                .toList();
    }

    public List<Resident> residents() {
        return residents;
    }

    /// @throws IllegalArgumentException when nobody in town is called so
    public Resident resident(String name) {
        return residents.stream()
                .filter(resident -> resident.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("nobody in Tinytown is called " + name));
    }

    /// The values of an attribute that occur in town, in a fixed order.
    List<String> values(Attribute attribute) {
        return attribute == Attribute.FRIEND
                ? residents.stream().map(Resident::name).toList()
                : attribute.range();
    }
}
