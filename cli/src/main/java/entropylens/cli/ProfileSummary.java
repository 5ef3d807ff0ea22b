package entropylens.cli;

import entropylens.lens.EntropyProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One sentence that says where a model expands and where it prunes.
final class ProfileSummary {
    private ProfileSummary() {}

    /// Neighbouring layers that all expand, or all prune.
    ///
    /// @param change in entropy over the stretch
    private record Stretch(boolean expands, int first, int last, double change) {}

    static String of(ProfileResult result) {
        double[] mean = result.mean();
        if (mean.length == 1) {
            return "One layer: nothing to compare.";
        }
        List<Stretch> stretches = stretches(result, EntropyProfile.delta(mean));
        int peak = 0;
        for (int l = 1; l < mean.length; l++) {
            peak = mean[l] > mean[peak] ? l : peak;
        }
        return "%s; %s. Entropy is largest, %.2f %s, at layer %d (depth %.2f)."
                .formatted(
                        sentence("Expands", true, stretches),
                        sentence("prunes", false, stretches),
                        mean[peak],
                        result.unit(),
                        result.layerNumber(peak),
                        result.depth(peak));
    }

    private static List<Stretch> stretches(ProfileResult result, double[] delta) {
        List<Stretch> stretches = new ArrayList<>();
        int start = 0;
        while (start < delta.length) {
            boolean expands = delta[start] > 0;
            int end = start;
            double change = 0;
            while (end < delta.length && delta[end] > 0 == expands) {
                change += delta[end++];
            }
            stretches.add(
                    new Stretch(
                            expands,
                            result.layerNumber(start + 1),
                            result.layerNumber(end),
                            change));
            start = end;
        }
        return stretches;
    }

    private static String sentence(String verb, boolean expands, List<Stretch> stretches) {
        List<String> parts =
                stretches.stream()
                        .filter(stretch -> stretch.expands() == expands)
                        .map(ProfileSummary::stretch)
                        .toList();
        return parts.isEmpty() ? verb + " nowhere" : verb + " at " + String.join(", ", parts);
    }

    private static String stretch(Stretch stretch) {
        String layers =
                stretch.first() == stretch.last()
                        ? "layer " + stretch.first()
                        : "layers " + stretch.first() + "–" + stretch.last();
        return String.format(
                Locale.ROOT,
                "%s (%s%.2f)",
                layers,
                stretch.expands() ? "+" : "−",
                Math.abs(stretch.change()));
    }
}
