package entropylens.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.kernels.Precision;
import entropylens.lens.LogitLens;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import entropylens.lens.Statistic;
import entropylens.lens.Statistics;
import entropylens.lens.TextProfile;
import entropylens.lens.Unembed;
import entropylens.model.Model;
import entropylens.model.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every statistic, read on the emulated device in every precision, against the processor: two
/// small trained models, a prompt of which every position and layer is read.
class StatisticsOnDeviceTest {
    private static final List<String> MODELS = List.of("tinytown-llama-4", "tinytown-gpt2-4");
    private static final int POSITIONS = 24;

    /// Of all numbers of a statistic in float32, how many whole ones may differ: those at a border.
    /// Seen: 1 rank of 140, by 1.
    private static final double COUNTS_AT_A_BORDER = 0.01;

    /// Seen: 2.1e-8.
    private static final double PROBABILITY = 1e-7;

    private static final DeviceTable table =
            new DeviceTable(
                    "device-statistics",
                    1e-6,
                    "statistic",
                    "float32",
                    "tf32",
                    "bfloat16",
                    "float16");

    private static final Map<String, Map<Precision, Double>> measured = new java.util.TreeMap<>();

    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyStatisticIsReadOnTheDevice(Precision precision) {
        for (String model : MODELS) {
            try (Twins twins = Twins.ofZoo(model, precision)) {
                assertThat(twins.whole()).isTrue();
                List<int[]> texts = texts(twins.cpu());
                List<TextProfile> expected = profile(twins.cpu(), texts);
                List<TextProfile> found = profile(twins.device(), texts);
                for (Statistic statistic : request().statistics()) {
                    compare(statistic, precision, expected, found);
                }
                if (precision == Precision.FLOAT32) {
                    requireTopTokens(expected, found);
                }
            }
        }
    }

    @Test
    void moreTargetsThanColumnsOfATileAreReadInTwoSweeps() {
        try (Twins twins = Twins.ofZoo(MODELS.getFirst(), Precision.FLOAT32)) {
            int rows = 300;
            int d = twins.cpu().config().dModel();
            float[] stream = new float[rows * d];
            Random random = new Random(5);
            for (int i = 0; i < stream.length; i++) {
                stream[i] = (float) random.nextGaussian();
            }
            int[] targets = new int[rows];
            Arrays.setAll(targets, row -> 3 * row);
            ReadoutRequest readout =
                    ReadoutRequest.ENTROPY.with(Statistic.NEXT_RANK, Statistic.NEXT_PROBABILITY);
            Readouts ours = read(twins.device(), stream, targets, readout);
            Readouts expected = read(twins.cpu(), stream, targets, readout);
            for (int row = 0; row < rows; row++) {
                assertThat(ours.column(Statistic.NEXT_RANK)[row])
                        .isEqualTo(expected.column(Statistic.NEXT_RANK)[row]);
                assertThat(ours.column(Statistic.NEXT_PROBABILITY)[row])
                        .isEqualTo(
                                expected.column(Statistic.NEXT_PROBABILITY)[row],
                                within(PROBABILITY));
            }
        }
    }

    @Test
    void theTokensOfSetsAreThoseOfTheProcessor() {
        try (Twins twins = Twins.ofZoo(MODELS.getFirst(), Precision.FLOAT32)) {
            int rows = 5;
            float[] stream = new float[rows * twins.cpu().config().dModel()];
            Random random = new Random(6);
            for (int i = 0; i < stream.length; i++) {
                stream[i] = (float) random.nextGaussian();
            }
            assertThat(members(twins.device(), stream, rows))
                    .isDeepEqualTo(members(twins.cpu(), stream, rows));
        }
    }

    private static int[][] members(Model model, float[] rows, int count) {
        return new LogitLens(Unembed.of(model)).topPMembers(rows, count, 0.6);
    }

    private static Readouts read(Model model, float[] rows, int[] targets, ReadoutRequest readout) {
        return new LogitLens(Unembed.of(model)).read(rows, targets.length, targets, null, readout);
    }

    private static ReadoutRequest request() {
        return ReadoutRequest.ENTROPY
                .with(
                        Statistics.examples().stream()
                                .filter(one -> !one.name().matches("router.*|expert.*"))
                                .toList())
                .with(Statistic.renyi(2), Statistic.renyi(5))
                .withTopK(5);
    }

    /// Two, so that they run beside each other, and none of them chosen: 17 is prime to any
    /// vocabulary.
    private static List<int[]> texts(Model model) {
        List<int[]> texts = new ArrayList<>();
        for (int length : new int[] {POSITIONS, POSITIONS / 2 + 1}) {
            int[] ids = new int[length];
            Arrays.setAll(ids, i -> (17 * i + length) % model.config().dVocab());
            texts.add(ids);
        }
        return texts;
    }

    private static List<TextProfile> profile(Model model, List<int[]> texts) {
        return new Profiler(model)
                .profile(texts, new ProfileRequest(Positions.PROMPT, request()), 2, Progress.NONE);
    }

    private static void compare(
            Statistic statistic,
            Precision precision,
            List<TextProfile> expected,
            List<TextProfile> found) {
        double worst = 0;
        int differing = 0;
        int all = 0;
        for (int text = 0; text < expected.size(); text++) {
            double[] ours = found.get(text).readouts().column(statistic);
            double[] reference = expected.get(text).readouts().column(statistic);
            for (int i = 0; i < reference.length; i++) {
                assertThat(Double.isNaN(ours[i])).isEqualTo(Double.isNaN(reference[i]));
                if (!Double.isNaN(reference[i])) {
                    all++;
                    differing += ours[i] == reference[i] ? 0 : 1;
                    worst = Math.max(worst, Math.abs(ours[i] - reference[i]));
                }
            }
        }
        assertThat(all).as("%s compared", statistic).isPositive();
        if (precision == Precision.FLOAT32 && statistic.isCount()) {
            assertThat((double) differing / all)
                    .as("%s that differ", statistic)
                    .isLessThanOrEqualTo(COUNTS_AT_A_BORDER);
        }
        String row = statistic.name() + (statistic.unit().isEmpty() ? "" : ", " + statistic.unit());
        measured.computeIfAbsent(row, r -> new EnumMap<>(Precision.class))
                .merge(precision, worst, Math::max);
    }

    private static void requireTopTokens(List<TextProfile> expected, List<TextProfile> found) {
        for (int text = 0; text < expected.size(); text++) {
            assertThat(found.get(text).topIds()).isDeepEqualTo(expected.get(text).topIds());
        }
    }

    @AfterAll
    static void theTableHolds() {
        measured.forEach((row, values) -> {
            if (values.size() == Precision.values().length) {
                table.see(row, values.values().stream().mapToDouble(v -> v).toArray());
            }
        });
        table.writeOrCompare(request().statistics().size());
    }
}
