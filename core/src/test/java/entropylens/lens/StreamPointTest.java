package entropylens.lens;

import static entropylens.lens.StreamPoint.ATTN_OUT;
import static entropylens.lens.StreamPoint.MLP_OUT;
import static entropylens.lens.StreamPoint.RESID_MID;
import static entropylens.lens.StreamPoint.RESID_POST;
import static entropylens.lens.StreamPoint.RESID_PRE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.hook.Intervention;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.Sampling;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where in a block the lens reads.
class StreamPointTest {
    private static final List<StreamPoint> ALL = List.of(StreamPoint.values());

    /// One of each kind: sums, sets, targets, references, the row before, routers.
    private static final ReadoutRequest MUCH =
            ReadoutRequest.ENTROPY
                    .withTopK(3)
                    .with(
                            Statistic.renyi(2),
                            Statistic.topPSize(0.6),
                            Statistic.jaccard(0.9),
                            Statistic.topEntropy(5),
                            Statistic.NEXT_PROBABILITY,
                            Statistic.NEXT_RANK,
                            Statistic.KL_TO_LAST,
                            Statistic.LOGIT_STD,
                            Statistic.H_NORM,
                            Statistic.ROUTER_ENTROPY,
                            Statistic.expert(1));

    private static Model load(String golden) {
        return LoadedModel.load(
                        Goldens.directory(golden),
                        Arena.ofAuto(),
                        new CpuBackend(Kernels.best(), new WorkerPool(1)))
                .model();
    }

    private static int[] tokens(String golden) {
        return ConfigJson.read(Goldens.directory(golden).resolve("golden.json")).ints("input_ids");
    }

    private static ProfileRequest sampled(Intervention intervention) {
        return new ProfileRequest(
                new Positions.Generated(6, new Sampling(0.9, 1, 7), Set.of()),
                intervention,
                true,
                MUCH);
    }

    private static void assertSame(Readouts found, Readouts expected) {
        for (Statistic statistic : expected.request().statistics()) {
            assertThat(found.column(statistic))
                    .as(statistic.name())
                    .isEqualTo(expected.column(statistic));
        }
        assertThat(found.topIds()).isDeepEqualTo(expected.topIds());
        assertThat(found.topProbabilities()).isDeepEqualTo(expected.topProbabilities());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-tied", "gpt2-base", "qwen3-moe-renormalised"})
    void otherPointsChangeNoBitOfTheProfile(String golden) {
        Profiler profiler = new Profiler(load(golden));
        List<int[]> prompts =
                List.of(tokens(golden), Arrays.copyOf(tokens(golden), 4), tokens(golden));
        ProfileRequest plain = sampled(Intervention.skip(1));
        List<TextProfile> expected = profiler.profile(prompts, plain, 2, Progress.NONE);
        List<TextProfile> found = profiler.profile(prompts, plain.at(ALL), 2, Progress.NONE);
        for (int i = 0; i < prompts.size(); i++) {
            assertThat(found.get(i).points()).isEqualTo(ALL);
            assertThat(found.get(i).generatedIds()).isEqualTo(expected.get(i).generatedIds());
            assertSame(found.get(i).at(RESID_POST).readouts(), expected.get(i).readouts());
        }
        assertSame(
                profiler.profile(prompts.getFirst(), plain.at(ALL)).at(RESID_POST).readouts(),
                profiler.profile(prompts.getFirst(), plain).readouts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-tied", "gpt2-base", "qwen3-moe-renormalised"})
    void whatABlockReadsIsWhatTheOneBeforeItLeft(String golden) {
        Model model = load(golden);
        int layers = model.config().nLayers();
        TextProfile text =
                new Profiler(model).profile(tokens(golden), sampled(Intervention.NONE).at(ALL));
        TextProfile before = text.at(RESID_PRE);
        TextProfile after = text.at(RESID_POST);
        assertThat(before.layers()).isEqualTo(layers);
        assertThat(after.layers()).isEqualTo(layers + 1);
        for (Statistic statistic : MUCH.statistics()) {
            boolean ofTheBlock =
                    statistic.equals(Statistic.ROUTER_ENTROPY)
                            || statistic.name().equals("expert_1");
            for (int row = 0; row < before.positions(); row++) {
                double[] read = before.table(statistic)[row];
                double[] left = after.table(statistic)[row];
                // the embedding stands before the first block; a router belongs to its block
                assertThat(read)
                        .as(statistic.name())
                        .isEqualTo(
                                ofTheBlock
                                        ? Arrays.copyOfRange(left, 1, layers + 1)
                                        : Arrays.copyOf(left, layers));
            }
        }
        assertThat(before.topIds()[0][0]).isEqualTo(after.topIds()[0][0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-tied", "gpt2-base", "qwen3-moe-renormalised"})
    void everyPointIsComparedWithWhatTheModelPredicts(String golden) {
        Model model = load(golden);
        ReadoutRequest kl = ReadoutRequest.ENTROPY.with(Statistic.KL_TO_LAST);
        TextProfile text =
                new Profiler(model)
                        .profile(tokens(golden), new ProfileRequest(Positions.PROMPT, kl).at(ALL));
        int last = model.config().nLayers() - 1;
        for (StreamPoint point : ALL) {
            double[][] table = text.at(point).table(Statistic.KL_TO_LAST);
            assertThat(table).hasDimensions(tokens(golden).length, last + 1);
            for (double[] row : table) {
                if (point == RESID_POST) {
                    assertThat(row[last]).isZero();
                } else {
                    assertThat(row[last]).isGreaterThan(1e-4);
                }
            }
        }
    }

    @Test
    void whatIsSkippedAddsNothing() {
        String golden = "llama-gqa-tied";
        TextProfile text =
                new Profiler(load(golden))
                        .profile(tokens(golden), sampled(Intervention.skip(1)).at(ALL));
        for (int row = 0; row < text.positions(); row++) {
            assertThat(text.at(ATTN_OUT).table(Statistic.H_NORM)[row][1]).isZero();
            assertThat(text.at(MLP_OUT).table(Statistic.H_NORM)[row][1]).isZero();
            assertThat(text.at(RESID_MID).table(Statistic.ENTROPY)[row][1])
                    .isEqualTo(text.at(RESID_PRE).table(Statistic.ENTROPY)[row][1]);
        }
    }

    @Test
    void aListenerSeesEveryPointAsItIsBorn() {
        String golden = "gpt2-base";
        Profiler profiler = new Profiler(load(golden));
        int[][] rows = new int[1][ALL.size()];
        ProfileRequest request = sampled(Intervention.NONE).at(ALL);
        double[] entropies = new double[64];
        profiler.profile(
                List.of(tokens(golden)),
                request,
                1,
                Progress.NONE,
                (_, part) -> {
                    for (StreamPoint point : part.points()) {
                        rows[0][point.ordinal()] += part.at(point).positions();
                    }
                    entropies[rows[0][0] - 1] = part.at(MLP_OUT).profile().entropy()[0][0];
                });
        assertThat(rows[0]).containsOnly(6);
        double[][] whole =
                profiler.profile(tokens(golden), request).at(MLP_OUT).profile().entropy();
        for (int row = 0; row < 6; row++) {
            assertThat(entropies[row]).isEqualTo(whole[row][0]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gptj-partial, RESID_MID, gptj, side by side, 'resid_pre, attn_out, mlp_out, resid_post'",
        "phi-partial, RESID_MID, phi, side by side, 'resid_pre, attn_out, mlp_out, resid_post'",
        "falcon-7b-style, RESID_MID, falcon, side by side, 'resid_pre, attn_out, mlp_out, resid_post'",
        "gpt-neox-parallel, RESID_MID, gpt_neox, side by side, 'resid_pre, attn_out, mlp_out, resid_post'",
        "cohere-tied, RESID_MID, cohere, side by side, 'resid_pre, attn_out, mlp_out, resid_post'",
        "mamba-tied, RESID_MID, mamba, mixer alone, 'resid_pre, attn_out, resid_post'",
        "mamba2-tied, MLP_OUT, mamba2, mixer alone, 'resid_pre, attn_out, resid_post'"
    })
    void whatAFamilysBlocksLackIsRefused(
            String golden, StreamPoint point, String family, String why, String there) {
        Profiler profiler = new Profiler(load(golden));
        ProfileRequest request =
                new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY)
                        .at(List.of(RESID_POST, point));
        assertThatThrownBy(() -> profiler.profile(tokens(golden), request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "there is no %s in this model, of the family %s: "
                                .formatted(point.word(), family))
                .hasMessageContaining(why)
                .hasMessageEndingWith("; there are " + there);
    }

    @Test
    void aRequestNamesEachPointOnce() {
        ProfileRequest request = new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY);
        assertThatThrownBy(() -> request.at(List.of()))
                .hasMessageContaining("at least one point of the stream");
        assertThatThrownBy(() -> request.at(List.of(ATTN_OUT, ATTN_OUT)))
                .hasMessageContaining("named twice: [attn_out, attn_out]");
        assertThatThrownBy(() -> sampled(Intervention.NONE).at(List.of(RESID_PRE)))
                .hasMessageContaining("layer 1 of resid_pre is the same row");
    }

    @Test
    void theMemoryOfEveryPointIsCounted() {
        Model model = load("llama-gqa-tied");
        List<Run> runs =
                IntStream.range(0, 3)
                        .mapToObj(_ -> Run.of(tokens("llama-gqa-tied"), Intervention.NONE))
                        .toList();
        LensMemory logit = LensMemory.of(List.of(Lens.LOGIT), model.config().nLayers());
        MemoryPlan one = MemoryPlan.of(model.config(), runs, 2, 0, 1, logit);
        MemoryPlan five = MemoryPlan.of(model.config(), runs, 2, 0, 5, logit);
        assertThat(five.streamBytes()).isEqualTo(5 * one.streamBytes());
        assertThat(five.kvBytes()).isEqualTo(one.kvBytes());
    }

    @Test
    void aPointIsFoundByItsWord() {
        for (StreamPoint point : StreamPoint.values()) {
            assertThat(StreamPoint.named(point.word())).contains(point);
            assertThat(point.of(3).toString())
                    .isIn("blocks.3.hook_" + point.word(), "blocks.3.hook_" + point);
        }
        assertThat(StreamPoint.named("resid")).isEmpty();
    }
}
