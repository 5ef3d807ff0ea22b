package entropylens.zoo.town;

import java.util.ArrayList;
import java.util.List;

/// Pseudo-random choices that are the same on every JVM and in every version of it: SplitMix64
/// (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
public final class Dice {
    private long state;

    public Dice(long seed) {
        this.state = seed;
    }

    /// Dice of their own for each of many things that are made from one seed.
    public static Dice of(long seed, long stream, long index) {
        return new Dice(mix(mix(mix(seed) ^ stream) ^ index));
    }

    private static long mix(long z) {
        z += 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private long next() {
        long value = mix(state);
        state += 0x9e3779b97f4a7c15L;
        return value;
    }

    /// A number in `[0, bound)`.
    public int roll(int bound) {
        return (int) Math.unsignedMultiplyHigh(next(), bound);
    }

    /// Whether something happens that happens in `percent` of a hundred cases.
    public boolean chance(int percent) {
        return roll(100) < percent;
    }

    public <T> T pick(List<T> from) {
        return from.get(roll(from.size()));
    }

    public String pick(String... from) {
        return from[roll(from.length)];
    }

    /// All of a list in random order.
    public <T> List<T> shuffled(List<T> list) {
        List<T> result = new ArrayList<>(list);
        for (int i = result.size() - 1; i > 0; i--) {
            int j = roll(i + 1);
            T swapped = result.get(i);
            result.set(i, result.get(j));
            result.set(j, swapped);
        }
        return result;
    }
}
