package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Worst;
import entropylens.kernels.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The fused readout against float64, on the same float32 logits: what the instrument itself adds,
/// apart from the product with W_U. 16 shapes of distribution, vocabularies from 7 to 128,256, both
/// kernels.
class ReadoutAccuracyTest {
    /// Nats: worst seen 1.80e-6 ([ExactLogits] 12, 512 tokens; 4, 8 and 16 lanes); doubled. 8.5e-7
    /// on all other shapes.
    static final double ENTROPY = 3.6e-6;

    /// Nats, order by order: worst seen 1.7e-6, 3.6e-6, 2.3e-6 and 1.8e-6 (the same shape);
    /// doubled.
    static final double RENYI_HALF = 3.4e-6;

    static final double RENYI_2 = 7.2e-6;
    static final double RENYI_5 = 4.5e-6;
    static final double RENYI_INFINITY = 3.6e-6;

    /// Nats, times |1 - α| where that is below 1: dividing by it magnifies every error. Worst seen
    /// 3.4e-6 (the same shape, α = 0.99); doubled.
    static final double RENYI_TIMES_DISTANCE_FROM_1 = 6.8e-6;

    /// Relative: worst seen 1.8e-6 (the same shape; stored as float32); doubled.
    static final double TOP_PROBABILITY = 3.6e-6;

    /// Relative: worst seen 1.8e-6 (the same shape); doubled.
    static final double TARGET_PROBABILITY = 3.6e-6;

    /// Relative to `1 + Σ p |y - z|`: worst seen 3.0e-6 (from the same shape); doubled.
    static final double DIVERGENCE = 6e-6;

    /// Relative: worst seen 1.1e-7 (the same shape); doubled.
    static final double LOGIT_STD = 2.2e-7;

    /// Relative to `1 + Σ p (z - m)²`: worst seen 1.2e-6 (128,256 tokens, the same shape); doubled.
    static final double VARENTROPY = 2.4e-6;

    /// A top-p set may be smaller or larger than in float64 only by tokens whose probabilities sum
    /// to less than this.
    static final double TOP_P_MASS = 1e-6;

    private static final List<Double> ALPHAS =
            List.of(0.0, 0.5, 1.0, 2.0, 5.0, Double.POSITIVE_INFINITY);
    private static final List<Double> TOP_PS = List.of(0.6, 0.9, 1.0);
    private static final int TOP_K = 20;

    private static final Worst entropy = new Worst("entropy (nats)");
    private static final List<Worst> renyi =
            ALPHAS.stream().map(a -> new Worst("Rényi " + a + " (nats)")).toList();
    private static final Worst renyiNearOne = new Worst("Rényi times |1 - α| (nats)");
    private static final Worst topProbability = new Worst("top-k probability (relative)");
    private static final Worst targetProbability = new Worst("target probability (relative)");
    private static final Worst divergence = new Worst("KL (relative to its terms)");
    private static final Worst logitStd = new Worst("logit std (relative)");

    private static final Worst varentropy = new Worst("varentropy (relative to its terms)");

    record Case(int dVocab, Kernels kernels) {
        @Override
        public String toString() {
            return dVocab + " " + kernels.name();
        }
    }

    static List<Case> cases() {
        return IntStream.of(7, 512, 50_257, 128_256)
                .boxed()
                .flatMap(v ->
                        java.util.stream.Stream.of(
                                new Case(v, Kernels.scalar()), new Case(v, Kernels.best())))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStatisticAgreesWithFloat64OnTheSameLogits(Case test) {
        ExactLogits exact = ExactLogits.ofEveryShape(test.dVocab());
        Unembed unembed = exact.unembed(test.kernels());
        int rows = ExactLogits.ROWS;
        assertThat(unembed.logits(exact.rows, rows))
                .as("the fixture gives its logits exactly")
                .isEqualTo(concatenated(exact.logits));
        int[] targets = new int[rows];
        int[] references = new int[rows];
        for (int r = 0; r < rows; r++) {
            targets[r] = (int) ((1_000_003L * (r + 1)) % test.dVocab());
            references[r] = r % 4 == 3 ? r : (5 * r + 3) % rows;
        }
        int topK = Math.min(TOP_K, test.dVocab());
        ReadoutRequest request =
                ReadoutRequest.ENTROPY
                        .with(ALPHAS.stream().map(Statistic::renyi).toList())
                        .with(TOP_PS.stream().map(Statistic::topPSize).toList())
                        .withTopK(topK)
                        .with(Statistic.topEntropy(topK))
                        .with(Statistic.NEXT_PROBABILITY, Statistic.NEXT_RANK)
                        .with(Statistic.KL_TO_LAST)
                        .with(Statistic.LOGIT_STD, Statistic.VARENTROPY);
        Readouts ours = new LogitLens(unembed).read(exact.rows, rows, targets, references, request);
        ReferenceReadout[] float64 =
                Arrays.stream(exact.logits)
                        .map(ReferenceReadout::of)
                        .toArray(ReferenceReadout[]::new);
        for (int r = 0; r < rows; r++) {
            String where = test + " row " + r;
            ReferenceReadout reference = float64[r];
            entropy.see(ours.entropy()[r] - reference.entropy(), () -> where);
            for (int a = 0; a < ALPHAS.size(); a++) {
                double alpha = ALPHAS.get(a);
                renyi.get(a)
                        .see(
                                ours.column(Statistic.renyi(alpha))[r] - reference.renyi(alpha),
                                () -> where);
            }
            entropy.see(
                    ours.column(Statistic.topEntropy(topK))[r] - reference.topEntropy(topK),
                    () -> where);
            compareTopP(ours, r, reference, where);
            assertThat(ours.topIds()[r]).as(where).isEqualTo(reference.topIds(topK));
            for (int k = 0; k < topK; k++) {
                double p = reference.probability(ours.topIds()[r][k]);
                topProbability.see(ours.topProbabilities()[r][k], p, smallest(p), () -> where);
            }
            double p = reference.probability(targets[r]);
            targetProbability.see(ours.column(Statistic.NEXT_PROBABILITY)[r], p, p, () -> where);
            assertThat(ours.column(Statistic.NEXT_RANK)[r])
                    .as(where)
                    .isEqualTo(reference.rank(targets[r]));
            ReferenceReadout from = float64[references[r]];
            divergence.see(
                    ours.column(Statistic.KL_TO_LAST)[r],
                    reference.divergenceFrom(from),
                    reference.divergenceScale(from),
                    () -> where);
            double std = reference.logitStd();
            logitStd.see(ours.column(Statistic.LOGIT_STD)[r], std, std, () -> where);
            varentropy.see(
                    ours.column(Statistic.VARENTROPY)[r],
                    reference.varentropy(),
                    reference.varentropyScale(),
                    () -> where);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void otherRenyiOrdersAgreeWithFloat64(Case test) {
        ExactLogits exact = ExactLogits.ofEveryShape(test.dVocab());
        List<Double> alphas = List.of(0.05, 0.9, 0.99, 1.01, 1.1, 20.0, 1000.0);
        Readouts ours =
                new LogitLens(exact.unembed(test.kernels()))
                        .read(
                                exact.rows,
                                ExactLogits.ROWS,
                                ReadoutRequest.ENTROPY.with(
                                        alphas.stream().map(Statistic::renyi).toList()));
        for (int r = 0; r < ExactLogits.ROWS; r++) {
            ReferenceReadout reference = ReferenceReadout.of(exact.logits[r]);
            for (int a = 0; a < alphas.size(); a++) {
                double alpha = alphas.get(a);
                String where = test + " row " + r + " alpha " + alpha;
                double error = ours.column(Statistic.renyi(alpha))[r] - reference.renyi(alpha);
                renyiNearOne.see(error * Math.min(1, Math.abs(1 - alpha)), () -> where);
            }
        }
    }

    /// Probabilities are stored as float32: relative to the smallest normal one at least.
    private static double smallest(double p) {
        return Math.max(p, Float.MIN_NORMAL);
    }

    private static void compareTopP(Readouts ours, int r, ReferenceReadout float64, String where) {
        for (int i = 0; i < TOP_PS.size(); i++) {
            int[] range = float64.topPSizes(TOP_PS.get(i) - TOP_P_MASS, TOP_PS.get(i) + TOP_P_MASS);
            assertThat((int) ours.column(Statistic.topPSize(TOP_PS.get(i)))[r])
                    .as("%s top-p %s", where, TOP_PS.get(i))
                    .isBetween(range[0], range[1]);
        }
    }

    private static float[] concatenated(float[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int r = 0; r < rows.length; r++) {
            System.arraycopy(rows[r], 0, all, r * rows[r].length, rows[r].length);
        }
        return all;
    }

    @AfterAll
    static void everyErrorIsWithinItsBound() {
        entropy.requireWithin(ENTROPY);
        renyi.get(0).requireWithin(0);
        renyi.get(1).requireWithin(RENYI_HALF);
        renyi.get(2).requireWithin(ENTROPY);
        renyi.get(3).requireWithin(RENYI_2);
        renyi.get(4).requireWithin(RENYI_5);
        renyi.get(5).requireWithin(RENYI_INFINITY);
        renyiNearOne.requireWithin(RENYI_TIMES_DISTANCE_FROM_1);
        topProbability.requireWithin(TOP_PROBABILITY);
        targetProbability.requireWithin(TARGET_PROBABILITY);
        divergence.requireWithin(DIVERGENCE);
        logitStd.requireWithin(LOGIT_STD);
        varentropy.requireWithin(VARENTROPY);
    }
}
