package entropylens.study.skip;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// All choices of blocks that are tried on a model, the intact model first.
record SkipPlan(List<Skip> skips) {
    /// How often another draw is tried where one is not to be had, or repeats an earlier one.
    private static final int TRIES = 50;

    /// @param seed of the random choices; every kind of choice and k has random numbers of its own
    static SkipPlan of(SkipChoices choices, SkipDesign design, long seed) {
        List<Skip> skips = new ArrayList<>();
        skips.add(Skip.NONE);
        for (SkipPart part : design.parts()) {
            for (int k : design.ks()) {
                List<Integer> expansion = choices.expansion(k);
                List<Integer> pruning = choices.pruning(k);
                skips.add(new Skip(SkipCondition.EXPANSION, part, 0, expansion));
                skips.add(new Skip(SkipCondition.PRUNING, part, 0, pruning));
                SplittableRandom random = new SplittableRandom(seed + k);
                SplittableRandom nearExpansion = random.split();
                SplittableRandom nearPruning = random.split();
                addDraws(
                        skips,
                        SkipCondition.RANDOM,
                        part,
                        design.draws(),
                        () -> Optional.of(choices.random(k, random)));
                addDraws(
                        skips,
                        SkipCondition.NEAR_EXPANSION,
                        part,
                        design.draws(),
                        () -> choices.near(expansion, true, nearExpansion));
                addDraws(
                        skips,
                        SkipCondition.NEAR_PRUNING,
                        part,
                        design.draws(),
                        () -> choices.near(pruning, false, nearPruning));
            }
            if (design.controls()) {
                singles(choices, part).forEach(skips::add);
            }
        }
        return new SkipPlan(List.copyOf(skips));
    }

    /// The intact model, and each whole block by itself: what an untrained twin is put through.
    static SkipPlan ofSingles(SkipChoices choices) {
        List<Skip> skips = new ArrayList<>();
        skips.add(Skip.NONE);
        skips.addAll(singles(choices, SkipPart.BLOCK));
        return new SkipPlan(List.copyOf(skips));
    }

    /// Draws differ from each other as far as there are different ones.
    private static void addDraws(
            List<Skip> skips,
            SkipCondition condition,
            SkipPart part,
            int draws,
            Supplier<Optional<List<Integer>>> drawing) {
        Set<List<Integer>> seen = new LinkedHashSet<>();
        for (int draw = 1; draw <= draws; draw++) {
            for (int i = 0; i < TRIES && seen.size() < draw; i++) {
                drawing.get().ifPresent(seen::add);
            }
        }
        int found = 0;
        for (List<Integer> blocks : seen) {
            found++;
            skips.add(new Skip(condition, part, found, blocks));
        }
    }

    /// Every block by itself, block 1 too.
    private static List<Skip> singles(SkipChoices choices, SkipPart part) {
        int blocks = choices.change().length + 1;
        return IntStream.rangeClosed(1, blocks)
                .mapToObj(block -> new Skip(SkipCondition.SINGLE, part, block, List.of(block)))
                .toList();
    }

    /// The choices in groups that do the same to the model, and so need to be measured once.
    Collection<List<Skip>> distinct() {
        Map<String, List<Skip>> groups = new LinkedHashMap<>();
        skips.forEach(
                skip -> groups.computeIfAbsent(skip.what(), _ -> new ArrayList<>()).add(skip));
        return groups.values();
    }

    /// The choices of a kind; several where they were drawn.
    List<Skip> of(SkipCondition condition, SkipPart part, int k) {
        return skips.stream()
                .filter(skip -> skip.condition() == condition)
                .filter(skip -> skip.part() == part && skip.k() == k)
                .toList();
    }
}
