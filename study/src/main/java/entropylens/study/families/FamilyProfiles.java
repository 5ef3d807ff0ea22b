package entropylens.study.families;

import entropylens.data.StoredText;
import entropylens.study.statistics.Arrangements;
import entropylens.study.statistics.Distances;
import entropylens.study.statistics.GroupDistances;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Jackknife;
import entropylens.study.statistics.PermutationTest;
import entropylens.study.statistics.Permuted;
import entropylens.study.statistics.RelativeDepth;
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
import java.util.function.IntPredicate;
import java.util.function.Predicate;
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
    static final int PERMUTATIONS = 20_000;
    private static final int GRID = 25;
    private static final int FIFTHS = 5;
    private static final int MIN_OF_A_FIFTH = 4;

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

    /// The profiles of five disjoint fifths of each model's texts, each drawn with seeds of its
    /// own; none where a model has fewer texts.
    List<FamilyProfiles> fifths() {
        int[] place = new int[models.length];
        int[] texts = new int[modelCount()];
        Arrays.setAll(place, row -> texts[models[row]]++);
        if (Arrays.stream(texts).anyMatch(count -> count < FIFTHS * MIN_OF_A_FIFTH)) {
            return List.of();
        }
        return IntStream.range(0, FIFTHS)
                .mapToObj(fifth -> ofRows(row -> place[row] % FIFTHS == fifth))
                .toList();
    }

    private FamilyProfiles ofRows(IntPredicate wanted) {
        int[] rows = IntStream.range(0, models.length).filter(wanted).toArray();
        return new FamilyProfiles(
                subjects,
                Arrays.stream(rows).mapToObj(row -> profiles[row]).toArray(double[][]::new),
                Arrays.stream(rows).map(row -> models[row]).toArray(),
                Arrays.stream(rows).map(row -> families[row]).toArray());
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

    /// The family of each model, by number.
    int[] familyOfModel() {
        int[] families = new int[modelCount()];
        for (int row = 0; row < models.length; row++) {
            families[models[row]] = this.families[row];
        }
        return families;
    }

    int modelCount() {
        return subjects.size();
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

    /// The difference between and within families, with its interval over models: each left out in
    /// turn.
    Interval difference(double[][] rows) {
        return Jackknife.interval(
                distances(rows).difference(),
                modelCount(),
                model -> distances(rows, rowsWithout(model)).difference(),
                Intervals.LEVEL);
    }

    private int[] rowsWithout(int model) {
        return IntStream.range(0, models.length).filter(row -> models[row] != model).toArray();
    }

    /// Whether families are closer within than between: families change places between models.
    Permuted closer(double[][] rows, StudySettings settings) {
        return GroupDistances.permutationTest(
                rootMeanSquare(rows), families, models, PERMUTATIONS, settings.seed());
    }

    /// The share of texts whose family is recognised by the texts of all other models, each model
    /// of the same weight, beside its values where families change places between models.
    Permuted recognised(double[][] rows, StudySettings settings) {
        Recogniser recogniser = new Recogniser(rows, models, NEIGHBOURS);
        return PermutationTest.larger(
                familyOfModel(),
                Arrangements.of(familyOfModel(), PERMUTATIONS, settings.seed()),
                arranged -> mean(ofModels(recogniser.right(arranged))));
    }

    /// The share of each model's texts whose family is recognised.
    double[] recognisedByModel(double[][] rows) {
        return ofModels(new Recogniser(rows, models, NEIGHBOURS).right(familyOfModel()));
    }

    /// Their mean, with its interval over models.
    Interval recognisedOverModels(double[][] rows) {
        double[] shares = recognisedByModel(rows);
        double sum = Arrays.stream(shares).sum();
        return Jackknife.interval(
                mean(shares),
                shares.length,
                model -> (sum - shares[model]) / (shares.length - 1),
                Intervals.LEVEL);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private double[] ofModels(double[] ofTexts) {
        double[] sums = new double[modelCount()];
        int[] texts = new int[modelCount()];
        for (int row = 0; row < models.length; row++) {
            sums[models[row]] += ofTexts[row];
            texts[models[row]]++;
        }
        Arrays.setAll(sums, model -> sums[model] / texts[model]);
        return sums;
    }
}
