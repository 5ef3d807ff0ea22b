package entropylens.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.hook.BlockAction;
import entropylens.hook.Intervention;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Phase;
import entropylens.kernels.Precision;
import entropylens.kernels.WeightType;
import entropylens.lens.Lens;
import entropylens.lens.NotEnoughMemoryException;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.SelfCheck;
import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import entropylens.lens.Translator;
import entropylens.model.Batch;
import entropylens.model.HeldSessions;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Sampling;
import entropylens.translators.TunedFit;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a run may ask for, on the emulated device against the processor: generation, several texts,
/// what they begin with, interventions, points, lenses.
class RunsOnDeviceTest {
    /// Of the largest element of the stream, as in GoldensOnDeviceTest.
    private static final double STREAM = 5e-6;

    /// Of 1 + the number itself, in whatever unit: worst seen 6.8e-6 (KL divergence), doubled.
    private static final double READ = 1.4e-5;

    private static double worst;

    private static final ReadoutRequest READOUT =
            ReadoutRequest.ENTROPY.with(
                    Statistic.KL_TO_LAST, Statistic.NEXT_PROBABILITY, Statistic.jaccard(0.9));

    private static ProfileRequest generated(int tokens) {
        return new ProfileRequest(
                new Positions.Generated(tokens, Sampling.GREEDY, Set.of()), READOUT);
    }

    private static int[] text(Model model, int length, int seed) {
        return new Random(seed).ints(length, 0, model.config().dVocab()).toArray();
    }

    private static List<TextProfile> run(
            Model model, List<int[]> texts, ProfileRequest request, int batch) {
        return new Profiler(model).profile(texts, request, batch, Progress.NONE);
    }

    private static void requireAlike(List<TextProfile> found, List<TextProfile> expected) {
        for (int text = 0; text < expected.size(); text++) {
            assertThat(found.get(text).generatedIds()).isEqualTo(expected.get(text).generatedIds());
            for (StreamPoint point : expected.get(text).points()) {
                for (Statistic statistic : READOUT.statistics()) {
                    double[] ours = found.get(text).at(point).readouts().column(statistic);
                    double[] reference = expected.get(text).at(point).readouts().column(statistic);
                    assertThat(ours).as("%s at %s", statistic, point).hasSameSizeAs(reference);
                    for (int i = 0; i < ours.length; i++) {
                        if (!Double.isNaN(reference[i]) || !Double.isNaN(ours[i])) {
                            double differing = Math.abs(ours[i] - reference[i]);
                            double relative = differing / (1 + Math.abs(reference[i]));
                            worst = Math.max(worst, relative);
                            assertThat(relative)
                                    .as("%s at %s, row %d", statistic, point, i)
                                    .isLessThan(READ);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tinytown-llama-4", "tinytown-gpt2-4"})
    void severalTextsAreGeneratedBesideEachOther(String model) {
        try (Twins twins = Twins.ofZoo(model, Precision.FLOAT32)) {
            List<int[]> texts = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                texts.add(text(twins.cpu(), 3 + 4 * i, i));
            }
            requireAlike(
                    run(twins.device(), texts, generated(6), 2),
                    run(twins.cpu(), texts, generated(6), 2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-rope-dynamic-long", "phi3-longrope-long"})
    void textsThatAreTurnedDifferentlyRunBesideEachOther(String golden) {
        try (Twins twins = Twins.ofGolden(golden, Precision.FLOAT32)) {
            int most = twins.cpu().config().nCtx();
            List<int[]> texts = List.of(text(twins.cpu(), most, 1), text(twins.cpu(), 5, 2));
            ProfileRequest request = new ProfileRequest(Positions.PROMPT, READOUT);
            requireAlike(
                    run(twins.device(), texts, request, 2), run(twins.cpu(), texts, request, 2));
        }
    }

    @Test
    void aTextGoesOnFromOneThatIsHeld() {
        try (Twins twins = Twins.ofZoo("tinytown-llama-4", Precision.FLOAT32)) {
            int[] prompt = text(twins.cpu(), 12, 1);
            int[] other = prompt.clone();
            other[10]++;
            HeldSessions held = new HeldSessions(2, 1L << 30);
            for (int[] one : List.of(prompt, other, prompt)) {
                requireAlike(
                        List.of(generate(twins.device(), one, held)),
                        List.of(generate(twins.cpu(), one, new HeldSessions(0, 0))));
            }
            assertThat(held.bytes()).isPositive();
            held.clear();
        }
    }

    private static TextProfile generate(Model model, int[] prompt, HeldSessions held) {
        return new Profiler(model)
                .generate(prompt, new int[0], 0, generated(4), held, (_, _) -> {});
    }

    @Test
    void aModelOnTheDeviceProvesItself() {
        try (Twins twins = Twins.ofZoo("tinytown-gpt2-4", Precision.FLOAT32)) {
            SelfCheck.Result result = SelfCheck.ofNoise(twins.device());
            assertThat(result.failures()).isEmpty();
            assertThat(result.decoding().orElseThrow()).isLessThan(STREAM);
        }
    }

    @Test
    void drawnTokensAreThoseOfTheProcessor() {
        try (Twins twins = Twins.ofZoo("tinytown-llama-4", Precision.FLOAT32)) {
            ProfileRequest request =
                    new ProfileRequest(
                            new Positions.Generated(8, new Sampling(1, 0.9, 7), Set.of()), READOUT);
            List<int[]> texts = List.of(text(twins.cpu(), 5, 1));
            requireAlike(
                    run(twins.device(), texts, request, 1), run(twins.cpu(), texts, request, 1));
        }
    }

    @Test
    void whatTextsBeginWithIsComputedOnce() {
        try (Twins twins = Twins.ofZoo("tinytown-llama-4", Precision.FLOAT32)) {
            int[] head = text(twins.cpu(), 40, 1);
            List<int[]> texts = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int[] one = Arrays.copyOf(head, head.length + 2 + i);
                int[] tail = text(twins.cpu(), 2 + i, 10 + i);
                System.arraycopy(tail, 0, one, head.length, tail.length);
                texts.add(one);
            }
            requireAlike(
                    run(twins.device(), texts, generated(3), 3),
                    run(twins.cpu(), texts, generated(3), 3));
        }
    }

    @Test
    void everyTextOfABatchHasItsOwnIntervention() {
        try (Twins twins = Twins.ofZoo("tinytown-llama-4", Precision.FLOAT32)) {
            int[] ids = text(twins.cpu(), 7, 3);
            float[] expected = beside(twins.cpu(), ids);
            float[] found = beside(twins.device(), ids);
            double largest = 0;
            double difference = 0;
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                difference = Math.max(difference, Math.abs(found[i] - expected[i]));
            }
            assertThat(difference / largest).isLessThan(STREAM);
            int half = expected.length / 2;
            assertThat(Arrays.copyOf(found, half))
                    .isNotEqualTo(Arrays.copyOfRange(found, half, found.length));
        }
    }

    /// The same ids twice in one pass: as they are, then without a block and with a scaled one.
    private static float[] beside(Model model, int[] ids) {
        Intervention other =
                new Intervention(Map.of(1, BlockAction.SKIP, 2, new BlockAction(0.5f, 2)));
        Batch batch = new Batch(Phase.TOGETHER);
        batch.add(model.newSession(ids.length), ids);
        batch.add(model.newSession(ids.length, other), ids);
        return model.forward(batch);
    }

    @Test
    void textsWithInterventionsRunTogether() {
        try (Twins twins = Twins.ofZoo("tinytown-llama-4", Precision.FLOAT32)) {
            for (Intervention one :
                    List.of(
                            Intervention.NONE,
                            new Intervention(Map.of(1, BlockAction.SKIP)),
                            new Intervention(Map.of(2, new BlockAction(0.5f, 0))))) {
                ProfileRequest request =
                        new ProfileRequest(
                                Positions.PROMPT,
                                one,
                                true,
                                READOUT,
                                List.of(
                                        StreamPoint.RESID_POST,
                                        StreamPoint.ATTN_OUT,
                                        StreamPoint.RESID_MID,
                                        StreamPoint.MLP_OUT,
                                        StreamPoint.RESID_PRE));
                List<int[]> texts = List.of(text(twins.cpu(), 9, 1), text(twins.cpu(), 6, 2));
                requireAlike(
                        run(twins.device(), texts, request, 2),
                        run(twins.cpu(), texts, request, 2));
            }
        }
    }

    @Test
    void aTunedLensIsTrainedOnTheProcessorAlone() {
        try (Twins twins = Twins.ofZoo("tinytown-gpt2-4", Precision.FLOAT32)) {
            TunedFit.Settings settings = new TunedFit.Settings(2, 64, 1, 1, 1, 4);
            assertThatThrownBy(() -> new TunedFit(twins.device(), settings))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("trained on the processor");
        }
    }

    @Test
    void lensesAreAppliedOnTheDevice() {
        try (Twins twins = Twins.ofZoo("tinytown-gpt2-4", Precision.FLOAT32)) {
            ProfileRequest request =
                    new ProfileRequest(Positions.PROMPT, READOUT.with(Statistic.H_NORM))
                            .through(lens(twins.cpu()));
            List<int[]> texts = List.of(text(twins.cpu(), 7, 1));
            requireAlike(
                    run(twins.device(), texts, request, 1), run(twins.cpu(), texts, request, 1));
        }
    }

    /// An affine map that is added, one that is not, and a shift.
    private static Lens lens(Model model) {
        int d = model.config().dModel();
        Map<Integer, Translator> translators = new TreeMap<>();
        for (int layer = 1; layer < model.config().nLayers(); layer++) {
            float[] by = new float[d];
            for (int i = 0; i < d; i++) {
                by[i] = (float) Math.cos(layer * i);
            }
            translators.put(
                    layer,
                    layer == 1
                            ? new Translator.Shift(by)
                            : new Translator.Affine(new Linear(matrix(d), by), layer == 2));
        }
        return Lens.of("test", translators);
    }

    private static DenseMatrix matrix(int d) {
        MemorySegment data = Arena.ofAuto().allocate((long) d * d * Float.BYTES, 16);
        Random random = new Random(3);
        for (long i = 0; i < (long) d * d; i++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian() / d);
        }
        return Matrix.dense(data, WeightType.F32, d, d, Matrix.Layout.OUT_IN);
    }

    @AfterAll
    static void tellTheWorst() {
        System.out.printf(Locale.ROOT, "runs on the device: worst %.1e%n", worst);
    }

    @Test
    void whatDoesNotFitIsSaidBeforeItStarts() {
        try (Twins twins = Twins.ofZoo("tinytown-llama-4", Precision.FLOAT32)) {
            long free = twins.device().pass().memory().orElseThrow();
            int length = twins.cpu().config().nCtx();
            long each = twins.cpu().config().stateBytes(length);
            int batch = (int) Math.min(100_000, free / each + 1);
            List<int[]> texts = new ArrayList<>();
            int[] text = text(twins.cpu(), length, 1);
            for (int i = 0; i < batch; i++) {
                texts.add(text);
            }
            assertThatThrownBy(() ->
                            run(
                                    twins.device(),
                                    texts,
                                    new ProfileRequest(Positions.PROMPT, READOUT),
                                    batch))
                    .isInstanceOf(NotEnoughMemoryException.class)
                    .hasMessageContaining("on the device");
        }
    }
}
