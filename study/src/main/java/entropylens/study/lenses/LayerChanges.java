package entropylens.study.lenses;

import entropylens.study.statistics.Interval;
import entropylens.study.statistics.SimultaneousIntervals;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudyLenses;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TextArrays;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Mean ΔH of the texts of a study on a model, as every lens sees them.
///
/// @param study whose texts they are
/// @param byLens by label, the logit lens first: `[text][layer - 2]`, nats; the same texts in the
///   same order
public record LayerChanges(
        String study, Subject.About about, Map<String, double[][]> byLens, StudySettings settings) {
    /// Fewer texts have no spread to speak of.
    private static final int MIN_TEXTS = 4;

    private static final String ENTROPY = "entropy";

    /// Reads them back.
    ///
    /// @return without lenses where the study measured none of the model's texts
    static LayerChanges read(
            String study, Subject.About about, StudySettings settings, Workbench bench) {
        Map<String, double[][]> byLens = new LinkedHashMap<>();
        List<String> labels = new ArrayList<>(List.of(StudyLenses.LOGIT));
        labels.addAll(settings.lenses().others());
        for (String label : labels) {
            var texts = bench.through(label).texts(study, about.name(), List.of(ENTROPY));
            if (texts.size() >= MIN_TEXTS) {
                double[][] means = TextArrays.of(texts, ENTROPY).changes().meansOfTexts();
                byLens.put(label, withoutEmbedding(means, about.blocks()));
            }
        }
        return new LayerChanges(study, about, byLens, settings);
    }

    /// A block's ΔH from block 2 on, whether the embedding was read or not.
    private static double[][] withoutEmbedding(double[][] changes, int blocks) {
        return Arrays.stream(changes)
                .map(row -> Arrays.copyOfRange(row, row.length - blocks + 1, row.length))
                .toArray(double[][]::new);
    }

    double[][] logit() {
        return of(StudyLenses.LOGIT);
    }

    double[][] of(String label) {
        double[][] changes = byLens.get(label);
        if (changes == null) {
            throw new IllegalArgumentException("nothing was read through " + label);
        }
        return changes;
    }

    /// Whether there is something to compare: a ΔH at all.
    boolean comparable() {
        return !byLens.isEmpty() && about.blocks() > 1;
    }

    /// Mean ΔH of each layer, with intervals that hold for all layers at once.
    Interval[] intervals(String label) {
        return SimultaneousIntervals.ofMeans(
                of(label), settings.draws(), settings.seed(), Intervals.LEVEL);
    }

    /// The same of two lenses, with intervals that hold for all layers of both at once.
    ///
    /// @return `[0 logit, 1 other][layer - 2]`
    Interval[][] intervalsBeside(String label) {
        double[][] logit = logit();
        double[][] other = of(label);
        int layers = logit[0].length;
        double[][] both = new double[logit.length][];
        for (int text = 0; text < both.length; text++) {
            both[text] = Arrays.copyOf(logit[text], 2 * layers);
            System.arraycopy(other[text], 0, both[text], layers, layers);
        }
        Interval[] all =
                SimultaneousIntervals.ofMeans(
                        both, settings.draws(), settings.seed(), Intervals.LEVEL);
        return new Interval[][] {
            Arrays.copyOf(all, layers), Arrays.copyOfRange(all, layers, 2 * layers)
        };
    }
}
