package entropylens.study.skip;

import entropylens.study.workbench.TextArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Chooses blocks by their mean ΔH, or at random. Block 1 is never chosen, by no rule: its ΔH
/// starts from the embedding, which is not part of a profile.
///
/// @param change mean ΔH of the blocks 2 … L
record SkipChoices(double[] change) {
    /// @param changes mean ΔH of each text, `[text][block - 1]`
    static SkipChoices of(double[][] changes) {
        double[] mean = TextArrays.mean(changes, IntStream.range(0, changes.length).toArray());
        return new SkipChoices(Arrays.copyOfRange(mean, 1, mean.length));
    }

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

    /// Whether a block is of the kind that the claim compares: those that expand, or those that do
    /// not.
    private boolean sameKind(int block, boolean expanding) {
        return changeOf(block) > 0 == expanding;
    }

    /// For each of the chosen blocks, in random order, another block of the other kind that is not
    /// taken already: the likelier the nearer, with weights of one by the distance.
    ///
    /// Empty where the other kind has fewer blocks than are chosen.
    ///
    /// @param expanding whether the chosen blocks are to expand
    Optional<List<Integer>> near(List<Integer> chosen, boolean expanding, RandomGenerator random) {
        List<Integer> left = new ArrayList<>(eligible());
        left.removeAll(chosen);
        left.removeIf(block -> sameKind(block, expanding));
        if (left.size() < chosen.size()) {
            return Optional.empty();
        }
        List<Integer> taken = new ArrayList<>();
        for (int block : shuffled(chosen, random)) {
            Integer standIn = drawn(left, block, random);
            left.remove(standIn);
            taken.add(standIn);
        }
        return Optional.of(taken.stream().sorted().toList());
    }

    private static Integer drawn(List<Integer> blocks, int near, RandomGenerator random) {
        double[] weights =
                blocks.stream().mapToDouble(block -> 1.0 / Math.abs(block - near)).toArray();
        double left = random.nextDouble() * Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return blocks.get(i);
            }
        }
        return blocks.getLast();
    }

    private static List<Integer> shuffled(List<Integer> blocks, RandomGenerator random) {
        List<Integer> shuffled = new ArrayList<>(blocks);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            Collections.swap(shuffled, i, random.nextInt(i + 1));
        }
        return shuffled;
    }
}
