package entropylens.study.families;

import entropylens.data.StoredText;
import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.CrossValidation;
import entropylens.study.statistics.Distances;
import entropylens.study.statistics.Folds;
import entropylens.study.statistics.GroupDistances;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.LabelledData;
import entropylens.study.statistics.NearestNeighbours;
import entropylens.study.statistics.RelativeDepth;
import entropylens.study.statistics.Resampling;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TextArrays;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The profiles of the texts of several models: a row for each text, the mean over its tokens.
///
/// @param subjects the models, in the order of their numbers
/// @param profiles `[text][layer]`, of different lengths
/// @param models number of the model of each text
/// @param families number of the family of each text, families in alphabetical order
record FamilyProfiles(
        List<Subject.About> subjects, double[][] profiles, int[] models, int[] families) {
    static final int NEIGHBOURS = 5;
    private static final int GRID = 25;

    static FamilyProfiles read(List<Subject.About> subjects, Workbench bench) {
        List<double[]> profiles = new ArrayList<>();
        List<Integer> models = new ArrayList<>();
        for (int model = 0; model < subjects.size(); model++) {
            List<StoredText> texts =
                    bench.texts(Families.ID, subjects.get(model).name(), List.of("entropy"));
            for (double[] profile : TextArrays.of(texts, "entropy").meansOfTexts()) {
                profiles.add(profile);
                models.add(model);
            }
        }
        return of(
                subjects,
                profiles.toArray(double[][]::new),
                models.stream().mapToInt(i -> i).toArray());
    }

    private static FamilyProfiles of(
            List<Subject.About> subjects, double[][] profiles, int[] models) {
        List<String> names =
                subjects.stream().map(Subject.About::family).distinct().sorted().toList();
        int[] families =
                Arrays.stream(models).map(m -> names.indexOf(subjects.get(m).family())).toArray();
        return new FamilyProfiles(subjects, profiles, models, families);
    }

    FamilyProfiles only(Predicate<Subject.About> wanted) {
        List<Subject.About> kept = subjects.stream().filter(wanted).toList();
        int[] rows =
                IntStream.range(0, models.length)
                        .filter(row -> wanted.test(subjects.get(models[row])))
                        .toArray();
        return of(
                kept,
                Arrays.stream(rows).mapToObj(row -> profiles[row]).toArray(double[][]::new),
                Arrays.stream(rows).map(row -> kept.indexOf(subjects.get(models[row]))).toArray());
    }

    /// Whether there are two families with two models each.
    boolean canCompare() {
        Map<String, Integer> members = new TreeMap<>();
        subjects.forEach(about -> members.merge(about.family(), 1, Integer::sum));
        return members.size() >= 2 && members.values().stream().allMatch(count -> count >= 2);
    }

    int modelCount() {
        return subjects.size();
    }

    /// Share that the largest family has of all texts.
    double chance() {
        int[] counts = new int[Arrays.stream(families).max().orElse(0) + 1];
        Arrays.stream(families).forEach(family -> counts[family]++);
        return Arrays.stream(counts).max().orElseThrow() / (double) families.length;
    }

    /// Rows of one model: mean by layer and its interval over texts.
    Interval[] ofModel(int model, StudySettings settings) {
        double[][] rows =
                IntStream.range(0, models.length)
                        .filter(row -> models[row] == model)
                        .mapToObj(row -> profiles[row])
                        .toArray(double[][]::new);
        return Intervals.ofMeans(rows, settings);
    }

    /// On a common grid of relative depth.
    double[][] rescaled() {
        int[] layers = subjects.stream().mapToInt(Subject.About::blocks).toArray();
        double[] grid = RelativeDepth.commonGrid(layers, GRID);
        return Arrays.stream(profiles)
                .map(profile -> RelativeDepth.interpolate(profile, grid))
                .toArray(double[][]::new);
    }

    /// As they are, layer by layer; a shorter model keeps its last value.
    double[][] notRescaled() {
        int longest = subjects.stream().mapToInt(Subject.About::blocks).max().orElseThrow();
        return Arrays.stream(profiles)
                .map(profile -> {
                    double[] row = Arrays.copyOf(profile, longest);
                    Arrays.fill(row, profile.length, longest, profile[profile.length - 1]);
                    return row;
                })
                .toArray(double[][]::new);
    }

    /// As the paper has it: zeros after the last layer, so that depth itself is a feature.
    double[][] zeroPadded() {
        int longest = subjects.stream().mapToInt(Subject.About::blocks).max().orElseThrow();
        return Arrays.stream(profiles)
                .map(profile -> RelativeDepth.zeroPadded(profile, longest))
                .toArray(double[][]::new);
    }

    static double[][] rootMeanSquare(double[][] rows) {
        return Distances.rootMeanSquare(rows);
    }

    GroupDistances distances(double[][] rows) {
        return distances(rows, IntStream.range(0, rows.length).toArray());
    }

    GroupDistances distances(double[][] rows, int[] chosen) {
        double[][] some = Arrays.stream(chosen).mapToObj(i -> rows[i]).toArray(double[][]::new);
        return GroupDistances.of(
                rootMeanSquare(some),
                Arrays.stream(chosen).map(i -> families[i]).toArray(),
                Arrays.stream(chosen).map(i -> models[i]).toArray());
    }

    /// Over texts drawn anew within each model.
    Interval interval(ToDoubleFunction<int[]> statistic, StudySettings settings) {
        return Bootstrap.interval(
                models.length,
                Resampling.withinStrata(models),
                statistic,
                Math.min(200, settings.draws()),
                settings.seed(),
                Intervals.LEVEL);
    }

    /// 1 for each text whose family is recognised by the texts of all other models, else 0.
    double[] recognised(double[][] rows) {
        int classes = Math.max(2, Arrays.stream(families).max().orElseThrow() + 1);
        LabelledData data = new LabelledData(rows, families, classes, models);
        double[][] probabilities =
                CrossValidation.probabilities(
                        data, Folds.leaveOneGroupOut(models), new NearestNeighbours(NEIGHBOURS));
        return IntStream.range(0, rows.length)
                .mapToDouble(row -> largest(probabilities[row]) == families[row] ? 1 : 0)
                .toArray();
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    /// The mean over texts, its interval over whole models.
    Interval intervalOverModels(double[] values, StudySettings settings) {
        return Bootstrap.interval(
                values.length,
                Resampling.ofGroups(models),
                chosen -> Arrays.stream(chosen).mapToDouble(i -> values[i]).average().orElseThrow(),
                settings.draws(),
                settings.seed(),
                Intervals.LEVEL);
    }
}
