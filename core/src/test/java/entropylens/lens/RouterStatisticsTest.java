package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import entropylens.Goldens;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.hook.HookPoint;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Session;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is measured of routers.
class RouterStatisticsTest {
    private static final String EXPERTS = "qwen3-moe-renormalised";
    private static final ReadoutRequest ROUTERS =
            ReadoutRequest.ENTROPY.with(
                    Statistic.ROUTER_ENTROPY, Statistic.expert(1), Statistic.expert(2));

    private static Model load(String golden, int threads) {
        return LoadedModel.load(
                        Goldens.directory(golden),
                        Arena.ofAuto(),
                        new CpuBackend(Kernels.best(), new WorkerPool(threads)))
                .model();
    }

    private static int[] tokens(String golden) {
        return ConfigJson.read(Goldens.directory(golden).resolve("golden.json")).ints("input_ids");
    }

    private static TextProfile profile(String golden) {
        return new Profiler(load(golden, 1))
                .profile(tokens(golden), new ProfileRequest(Positions.PROMPT, ROUTERS));
    }

    @Test
    void theEntropyIsThatOfTheSoftmaxOfTheLogits() {
        float[] even = {9, 2, 2, 2, 2};
        assertThat(RouterRows.entropy(even, 1, 4)).isEqualTo(Math.log(4), within(1e-15));
        float[] odd = {0, (float) Math.log(3)};
        double expected = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
        assertThat(RouterRows.entropy(odd, 0, 2)).isEqualTo(expected, within(1e-7));
    }

    @Test
    void theExpertsAreThoseWhoseSharesWereShown() {
        Model model = load(EXPERTS, 1);
        int[] tokens = tokens(EXPERTS);
        int layer =
                IntStream.range(0, model.config().nLayers())
                        .filter(l -> model.experts(l) > 0)
                        .findFirst()
                        .orElseThrow();
        int count = model.experts(layer);
        float[][] shares = new float[tokens.length][];
        Session session = model.newSession(tokens.length);
        session.observe(
                HookPoint.expertShares(layer),
                (_, position, values, offset) ->
                        shares[position] = Arrays.copyOfRange(values, offset, offset + count));
        Batch batch = new Batch();
        batch.add(session, tokens);
        model.forward(batch);
        TextProfile profile = profile(EXPERTS);
        for (int row = 0; row < tokens.length; row++) {
            int first = (int) profile.table(Statistic.expert(1))[row][layer];
            int second = (int) profile.table(Statistic.expert(2))[row][layer];
            assertThat(first).isNotEqualTo(second);
            float[] sorted = shares[row].clone();
            Arrays.sort(sorted);
            assertThat(shares[row][first]).isEqualTo(sorted[count - 1]);
            assertThat(shares[row][second]).isEqualTo(sorted[count - 2]);
            assertThat(profile.table(Statistic.ROUTER_ENTROPY)[row][layer])
                    .isBetween(0.0, Math.log(count));
        }
    }

    @Test
    void layersWithoutExpertsHaveNone() {
        for (Statistic statistic : List.of(Statistic.ROUTER_ENTROPY, Statistic.expert(1))) {
            for (double[] row : profile("llama-gqa-tied").table(statistic)) {
                assertThat(row).containsOnly(Double.NaN);
            }
        }
        Model model = load("llama-gqa-tied", 1);
        Session session = model.newSession(1);
        assertThatThrownBy(() -> session.observe(HookPoint.routerLogits(0), (_, _, _, _) -> {}))
                .hasMessageContaining("this block has no router");
    }

    @Test
    void aTextAmongOthersHasTheSameRouters() {
        Profiler profiler = new Profiler(load(EXPERTS, 2));
        int[] tokens = tokens(EXPERTS);
        ProfileRequest request = new ProfileRequest(Positions.PROMPT, ROUTERS);
        List<TextProfile> three =
                profiler.profile(
                        List.of(tokens, Arrays.copyOf(tokens, 5), tokens),
                        request,
                        3,
                        Progress.NONE);
        for (Statistic statistic : ROUTERS.statistics()) {
            assertThat(text(three.get(2).table(statistic)))
                    .isEqualTo(text(three.get(0).table(statistic)));
            assertThat(text(three.get(1).table(statistic)))
                    .isEqualTo(text(Arrays.copyOf(three.get(0).table(statistic), 5)));
        }
    }

    /// NaN does not equal itself.
    private static String text(double[][] table) {
        return Arrays.deepToString(table);
    }
}
