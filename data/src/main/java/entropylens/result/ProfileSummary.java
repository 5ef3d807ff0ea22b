package entropylens.result;

import entropylens.lens.EntropyProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// A sentence that says where a model expands and where it prunes, and one on where entropy is
/// largest.
///
/// @param mean entropy per layer
/// @param firstLayer number of the first: 0 is the embedding
/// @param blocks of the model
/// @param unit of the entropies
public record ProfileSummary(double[] mean, int firstLayer, int blocks, String unit) {
    /// Stretches that are named; a deep model may have a dozen, most of them small.
    private static final int MAX_NAMED = 3;

    /// The sentences about the mean profile of a result.
    public static ProfileSummary of(ProfileResult result) {
        return new ProfileSummary(
                result.mean(),
                result.layerNumber(0),
                result.loaded().model().config().nLayers(),
                result.normalized() ? "of ln V" : result.unit());
    }

    /// Neighbouring layers that all expand, or all prune.
    ///
    /// @param change in entropy over the stretch
    private record Stretch(int first, int last, double change) {
        boolean expands() {
            return change > 0;
        }

        double size() {
            return Math.abs(change);
        }

        @Override
        public String toString() {
            String layers = first == last ? "layer " + first : "layers " + first + "–" + last;
            return layers + " (" + signed(change) + ")";
        }
    }

    /// Where entropy rises, and where it falls.
    public String changes() {
        List<Stretch> stretches = stretches();
        return mean.length == 1
                ? "One layer: nothing to compare."
                : "%s; %s."
                        .formatted(
                                named(
                                        "Expands",
                                        stretches.stream().filter(Stretch::expands).toList()),
                                named(
                                        "prunes",
                                        stretches.stream().filter(s -> !s.expands()).toList()));
    }

    /// Where it is largest.
    public String peak() {
        int peak = 0;
        for (int l = 1; l < mean.length; l++) {
            peak = mean[l] > mean[peak] ? l : peak;
        }
        int layer = firstLayer + peak;
        return String.format(
                Locale.ROOT,
                "Entropy is largest, %.2f %s, at layer %d (depth %.2f).",
                mean[peak],
                unit,
                layer,
                (double) layer / blocks);
    }

    /// A layer that changes nothing belongs to neither kind, and ends a stretch.
    private List<Stretch> stretches() {
        double[] delta = EntropyProfile.delta(mean);
        List<Stretch> stretches = new ArrayList<>();
        int start = 0;
        while (start < delta.length) {
            int end = start;
            double change = 0;
            while (end < delta.length && Math.signum(delta[end]) == Math.signum(delta[start])) {
                change += delta[end++];
            }
            if (delta[start] != 0) {
                stretches.add(new Stretch(firstLayer + start + 1, firstLayer + end, change));
            }
            start = end;
        }
        return stretches;
    }

    private static String named(String verb, List<Stretch> stretches) {
        if (stretches.isEmpty()) {
            return verb + " nowhere";
        }
        List<Stretch> largest =
                stretches.stream()
                        .sorted(Comparator.comparingDouble(Stretch::size).reversed())
                        .limit(MAX_NAMED)
                        .toList();
        String shown =
                String.join(
                        ", ",
                        stretches.stream()
                                .filter(largest::contains)
                                .map(Stretch::toString)
                                .toList());
        int others = stretches.size() - largest.size();
        double change =
                stretches.stream()
                        .filter(stretch -> !largest.contains(stretch))
                        .mapToDouble(Stretch::change)
                        .sum();
        String more =
                others == 0
                        ? ""
                        : " and %d smaller %s (%s)"
                                .formatted(
                                        others,
                                        others == 1 ? "stretch" : "stretches",
                                        signed(change));
        return verb + " at " + shown + more;
    }

    private static String signed(double change) {
        return String.format(Locale.ROOT, "%s%.2f", change < 0 ? "−" : "+", Math.abs(change));
    }
}
