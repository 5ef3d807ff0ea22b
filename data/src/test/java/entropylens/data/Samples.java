package entropylens.data;

import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import entropylens.lens.Statistic;
import entropylens.lens.Statistics;
import entropylens.lens.TextProfile;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Made-up results, the same every time.
final class Samples {
    static final ReadoutRequest ASKED =
            ReadoutRequest.ENTROPY.with(Statistics.examples()).withTopK(2);

    static final Manifest MANIFEST =
            Manifest.of(
                    Map.of(
                            "studies",
                            List.of("tasks"),
                            "seed",
                            7,
                            "models",
                            List.of(Map.of("name", "a", "weights_sha256", "00"))),
                    Map.of("command_line", List.of("study", "tasks")));

    private Samples() {}

    static TextRow text(String model, String id) {
        return new TextRow(
                "tasks",
                model,
                id,
                "group " + id,
                "label",
                null,
                "wording",
                "Once «upon»\na time " + id,
                new int[] {1, 2, 3},
                new int[] {4, 5},
                " there was",
                11L,
                id.equals("t1")
                        ? new WrittenPrompt("00ff", "Be brief.", "<|user|>Once «upon»\na time")
                        : null);
    }

    /// Two tokens, three layers; every number differs.
    static ProfileRows profile(String model, String id) {
        int rows = 6;
        SplittableRandom random = new SplittableRandom(id.hashCode());
        double[][] columns =
                ASKED.statistics().stream()
                        .map(statistic ->
                                statistic.isCount() ? counts(random, rows) : noise(random, rows))
                        .toArray(double[][]::new);
        columns[ASKED.statistics().indexOf(Statistic.jaccard(0.6))][0] = Double.NaN;
        Readouts readouts =
                Readouts.of(
                        ASKED,
                        columns,
                        new int[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}, {11, 12}},
                        new float[rows][2]);
        return new ProfileRows(
                "tasks",
                model,
                id,
                false,
                new TextProfile(new int[] {1, 2, 3}, new int[] {4, 5}, 2, 3, readouts));
    }

    static AnswerRow answer(String model, String id, int k) {
        return new AnswerRow(
                "skip",
                model,
                id,
                "history",
                "random",
                k == 0 ? null : "block",
                k,
                k == 0 ? null : 1,
                new int[] {2, 3},
                new double[] {0.1, 0.2, 1.0 / 3, -5},
                2,
                1,
                0.2 - 1.0 / 3);
    }

    static MoveRow move(String model, String id) {
        return new MoveRow(
                "tasks", model, id, 1, 2, -0.25, List.of(" a", "\"b\"\n"), 7, List.of(), 0);
    }

    static BlockRow block(String model, String id) {
        return new BlockRow("skip", model, id, 1, 2.0 / 3, 1.0 / 7, -0.1);
    }

    static LossRow loss(String model, String id) {
        return new LossRow("skip", model, "none", null, null, null, id, 1.0 / 7, 9);
    }

    static UnitRows unit(String model, String... ids) {
        UnitRows rows = new UnitRows();
        for (String id : ids) {
            rows.add(text(model, id)).add(profile(model, id));
            rows.add(answer(model, id, 0)).add(answer(model, id, 2)).add(loss(model, id));
            rows.add(move(model, id)).add(block(model, id));
        }
        return rows;
    }

    private static double[] noise(SplittableRandom random, int n) {
        return random.doubles(n).map(x -> (float) x).toArray();
    }

    private static double[] counts(SplittableRandom random, int n) {
        return random.ints(n, 1, 1000).asDoubleStream().toArray();
    }
}
