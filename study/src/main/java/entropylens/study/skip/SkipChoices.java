package entropylens.study.skip;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Chooses blocks by their mean ΔH, or at random. Block 1 is never chosen, by no rule: its ΔH would
/// need the entropy of the embedding, which is not part of a profile.
///
/// @param change mean ΔH of the blocks 2 … L
record SkipChoices(double[] change) {
    /// A block's stand-in is one of so many.
    private static final int NEAREST = 2;

    /// The blocks whose ΔH is known, by number from 1.
    List<Integer> eligible() {
        return IntStream.range(0, change.length).map(i -> i + 2).boxed().toList();
    }

    double changeOf(int block) {
        return change[block - 2];
    }

    /// The k blocks of largest ΔH; of equal ones the lower.
    List<Integer> expansion(int k) {
        return first(k, Comparator.comparingDouble(block -> -changeOf(block)));
    }

    /// The k blocks of most negative ΔH; of equal ones the lower.
    List<Integer> pruning(int k) {
        return first(k, Comparator.comparingDouble(this::changeOf));
    }

    private List<Integer> first(int k, Comparator<Integer> order) {
        return eligible().stream().sorted(order).limit(k).sorted().toList();
    }

    /// k blocks, each set of k as likely as any other.
    List<Integer> random(int k, RandomGenerator random) {
        return shuffled(eligible(), random).stream().limit(k).sorted().toList();
    }

    /// For each of the chosen blocks, in random order, one of the two nearest blocks that are
    /// neither chosen nor taken already; of blocks equally near the lower counts as nearer.
    ///
    /// Empty where fewer blocks are left than are chosen, or where what was drawn is not as deep:
    /// its mean depth is off by more than an eighth of the blocks, and more than one.
    Optional<List<Integer>> near(List<Integer> chosen, RandomGenerator random) {
        List<Integer> left = new ArrayList<>(eligible());
        left.removeAll(chosen);
        if (left.size() < chosen.size()) {
            return Optional.empty();
        }
        List<Integer> taken = new ArrayList<>();
        for (int block : shuffled(chosen, random)) {
            List<Integer> nearest =
                    left.stream()
                            .sorted(Comparator.comparingInt(other -> Math.abs(other - block)))
                            .limit(NEAREST)
                            .toList();
            Integer standIn = nearest.get(random.nextInt(nearest.size()));
            left.remove(standIn);
            taken.add(standIn);
        }
        boolean asDeep = Math.abs(mean(taken) - mean(chosen)) <= farthest();
        return asDeep ? Optional.of(taken.stream().sorted().toList()) : Optional.empty();
    }

    private double farthest() {
        return Math.max(1, (change.length + 1) / 8.0);
    }

    private static double mean(List<Integer> blocks) {
        return blocks.stream().mapToInt(block -> block).average().orElseThrow();
    }

    private static List<Integer> shuffled(List<Integer> blocks, RandomGenerator random) {
        List<Integer> shuffled = new ArrayList<>(blocks);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            Collections.swap(shuffled, i, random.nextInt(i + 1));
        }
        return shuffled;
    }
}
