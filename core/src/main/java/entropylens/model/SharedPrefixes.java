package entropylens.model;

import entropylens.hook.Intervention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which texts of a run begin alike, and with how much: a head of examples, a system prompt, one
/// prompt that is sampled many times. What several texts begin with goes through the model once,
/// and each goes on from there. The sums of a row do not depend on the rows beside it, so every
/// text gets the bits that it would get alone.
///
/// Only positions that nobody looks at are shared ([Run#seenFrom]), by texts with one intervention
/// whose lengths turn queries and keys alike ([Rope]).
final class SharedPrefixes {
    /// Rows that must be saved for a pass of its own to pay.
    static final int MIN_SAVED_ROWS = 32;

    /// What some texts begin with.
    ///
    /// @param of one of them
    /// @param length in tokens
    /// @param capacity of its session, which may decide how queries and keys are turned
    /// @param parent what more texts begin with, which this goes on from
    record Prefix(Run of, int length, int capacity, @Nullable Prefix parent) {
        /// Tokens that are not its parent's.
        int[] own() {
            return Arrays.copyOfRange(of.prompt(), parent == null ? 0 : parent.length, length);
        }

        /// Positions that it and its parents hold together.
        int held() {
            return capacity + (parent == null ? 0 : parent.held());
        }
    }

    private final List<Run> runs;
    private final Positions positions;
    private final List<Integer> order = new ArrayList<>();
    private final @Nullable Prefix[] prefixes;

    private SharedPrefixes(List<Run> runs, Positions positions) {
        this.runs = runs;
        this.positions = positions;
        this.prefixes = new Prefix[runs.size()];
    }

    /// Each text by itself, in the order given.
    static SharedPrefixes none(List<Run> runs) {
        SharedPrefixes none = new SharedPrefixes(runs, new Positions.None());
        IntStream.range(0, runs.size()).forEach(none.order::add);
        return none;
    }

    /// @param positions of the model
    static SharedPrefixes of(List<Run> runs, Positions positions) {
        SharedPrefixes shared = new SharedPrefixes(runs, positions);
        Map<Kind, List<Integer>> byKind = new LinkedHashMap<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            Kind kind = new Kind(run.intervention(), positions.kindOf(run.positions()));
            byKind.computeIfAbsent(kind, _ -> new ArrayList<>()).add(i);
        }
        for (List<Integer> some : byKind.values()) {
            some.sort(Comparator.comparing(i -> runs.get(i).prompt(), Arrays::compare));
            shared.share(some, null);
        }
        return shared.isAny() ? shared : none(runs);
    }

    /// What texts must agree in, beside tokens.
    private record Kind(Intervention intervention, List<Integer> turned) {}

    private boolean isAny() {
        return Arrays.stream(prefixes).anyMatch(prefix -> prefix != null);
    }

    /// @param some texts that begin with `parent`, sorted
    private void share(List<Integer> some, @Nullable Prefix parent) {
        if (some.size() == 1) {
            place(some.getFirst(), parent);
            return;
        }
        int length = common(some);
        int above = parent == null ? 0 : parent.length();
        boolean pays = (some.size() - 1L) * (length - above) >= MIN_SAVED_ROWS;
        Prefix own = pays ? prefix(runs.get(some.getFirst()), length, parent) : parent;
        // no more of them can be shared
        some.stream().filter(i -> sharable(i) == length).forEach(i -> place(i, own));
        Map<Integer, List<Integer>> byNextToken = new LinkedHashMap<>();
        for (int i : some) {
            if (sharable(i) > length) {
                byNextToken
                        .computeIfAbsent(runs.get(i).prompt()[length], _ -> new ArrayList<>())
                        .add(i);
            }
        }
        byNextToken.values().forEach(group -> share(group, own));
    }

    private Prefix prefix(Run of, int length, @Nullable Prefix parent) {
        boolean alike = positions.kindOf(length).equals(positions.kindOf(of.positions()));
        return new Prefix(of, length, alike ? length : of.positions(), parent);
    }

    private void place(int index, @Nullable Prefix prefix) {
        prefixes[index] = prefix;
        order.add(index);
    }

    /// Tokens that all of them begin with and may share; of sorted ones, first and last say it.
    private int common(List<Integer> some) {
        int[] first = runs.get(some.getFirst()).prompt();
        int[] last = runs.get(some.getLast()).prompt();
        int differs = Arrays.mismatch(first, last);
        int alike = differs < 0 ? first.length : differs;
        return Math.min(alike, some.stream().mapToInt(this::sharable).min().orElse(0));
    }

    /// The last token of a prompt is always the text's own: what it makes is looked at.
    private int sharable(int index) {
        Run run = runs.get(index);
        return Math.min(run.seenFrom(), run.prompt().length - 1);
    }

    /// The texts as they should run: those that share follow each other.
    List<Integer> order() {
        return order;
    }

    /// What a text goes on from; null if it is nothing.
    @Nullable Prefix of(int index) {
        return prefixes[index];
    }

    /// Most positions that are held for others at one time.
    int held() {
        return Arrays.stream(prefixes)
                .mapToInt(prefix -> prefix == null ? 0 : prefix.held())
                .max()
                .orElse(0);
    }
}
