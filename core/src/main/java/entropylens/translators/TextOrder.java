package entropylens.translators;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Texts in an endless order: all of them in one drawn from a seed, then all in another.
final class TextOrder {
    private final List<int[]> texts;
    private final int skipped;
    private final Random random;
    private final List<Integer> left = new ArrayList<>();

    /// @param skipped first positions of a text that are left out
    TextOrder(List<int[]> texts, int skipped, long seed) {
        this.texts = texts;
        this.skipped = skipped;
        this.random = new Random(seed);
    }

    /// The next texts, so many that they have at least `positions` positions.
    List<int[]> next(int positions) {
        List<int[]> next = new ArrayList<>();
        for (int found = 0; found < positions; ) {
            if (left.isEmpty()) {
                left.addAll(IntStream.range(0, texts.size()).boxed().toList());
                Collections.shuffle(left, random);
            }
            int[] text = texts.get(left.removeLast());
            next.add(text);
            found += Math.max(0, text.length - skipped);
        }
        return next;
    }
}
