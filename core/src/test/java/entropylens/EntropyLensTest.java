package entropylens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import entropylens.family.LoadOptions;
import entropylens.hub.HubException;
import entropylens.kernels.Kernels;
import entropylens.lens.Lens;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import entropylens.model.HeldSessions;
import entropylens.model.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EntropyLensTest {
    private static final Path MODEL = Goldens.directory("llama-gqa-tied");

    private static EntropyLens open(int threads) {
        return EntropyLens.open(MODEL, LoadOptions.NONE, threads);
    }

    @Test
    void aDirectoryIsOpenedByItsPath() {
        try (EntropyLens lens = EntropyLens.open(MODEL.toString())) {
            TextProfile profile = lens.profile(new int[] {5, 6, 7}, ask -> ask.tokens(4).topK(2));
            assertThat(profile.generatedIds()).hasSize(4);
            assertThat(profile.meanByLayer()).hasSize(lens.model().config().nLayers());
            assertThat(profile.topIds()).hasDimensions(4, profile.layers());
            assertThat(profile.topIds()[0][0]).hasSize(2);
        }
    }

    @Test
    void aTextThatIsGeneratedTokenByTokenIsTheSame() {
        try (EntropyLens lens = open(1)) {
            int[] prompt = {5, 6, 7};
            ProfileRequest request = lens.request(ask -> ask.tokens(5).topK(3));
            TextProfile whole = lens.profile(List.of(prompt), request, 1, Progress.NONE).getFirst();
            HeldSessions held = new HeldSessions(2, 1 << 20);
            List<TextProfile> parts = new ArrayList<>();
            lens.generate(prompt, new int[0], 0, request, held, (_, part) -> parts.add(part));
            assertThat(parts).hasSize(5);
            for (int row = 0; row < 5; row++) {
                TextProfile part = parts.get(row);
                assertThat(part.firstPosition()).isEqualTo(2 + row);
                assertThat(part.profile().entropy()).hasDimensions(1, whole.layers());
                assertThat(part.profile().entropy()[0]).isEqualTo(whole.profile().entropy()[row]);
                assertThat(part.topIds()[0]).isDeepEqualTo(whole.topIds()[row]);
            }
            int[] given = Arrays.copyOf(whole.generatedIds(), 2);
            TextProfile rest =
                    lens.generate(
                            prompt,
                            given,
                            2,
                            lens.request(ask -> ask.tokens(3).topK(3)),
                            held,
                            (_, _) -> {});
            assertThat(rest.promptIds()).hasSize(5);
            assertThat(rest.generatedIds())
                    .isEqualTo(Arrays.copyOfRange(whole.generatedIds(), 2, 5));
            assertThat(rest.profile().entropy()[2]).isEqualTo(whole.profile().entropy()[4]);
            TextProfile again =
                    lens.generate(
                            prompt,
                            given,
                            1,
                            lens.request(ask -> ask.tokens(3).topK(3)),
                            held,
                            (_, _) -> {});
            assertThat(again.firstPosition()).isEqualTo(3);
            assertThat(again.next(0)).hasValue(given[1]);
            for (int row = 0; row < 4; row++) {
                assertThat(again.profile().entropy()[row])
                        .isEqualTo(whole.profile().entropy()[row + 1]);
            }
        }
    }

    @Test
    void aLensSaysWhatComputes() {
        try (EntropyLens lens = open(2)) {
            assertThat(lens.kernels()).isEqualTo(Kernels.best().name());
            assertThat(lens.threads()).isEqualTo(2);
        }
    }

    @Test
    void aLensChecksItself() {
        try (EntropyLens lens = open(1)) {
            assertThat(lens.selfCheck().passed()).isTrue();
            assertThat(lens.selfCheck().text()).isFalse();
            assertThat(lens.selfCheck(5, 6, 7, 8).text()).isTrue();
        }
    }

    @Test
    void aBlockIsReadAtThePointsAskedFor() {
        try (EntropyLens lens = open(1)) {
            TextProfile profile =
                    lens.profile(
                            new int[] {5, 6, 7},
                            ask ->
                                    ask.at(StreamPoint.RESID_MID, StreamPoint.RESID_POST)
                                            .promptOnly()
                                            .topK(2)
                                            .with(Statistic.H_NORM));
            assertThat(profile.point()).isEqualTo(StreamPoint.RESID_MID);
            assertThat(profile.at(StreamPoint.RESID_POST).meanByLayer())
                    .isEqualTo(lens.profile(new int[] {5, 6, 7}, Ask::promptOnly).meanByLayer())
                    .isNotEqualTo(profile.meanByLayer());
            assertThatThrownBy(() -> profile.at(StreamPoint.MLP_OUT))
                    .hasMessage("mlp_out was not read; read were [resid_mid, resid_post]");
        }
    }

    @Test
    void theLastPositionOfAPromptHasNoNextToken() {
        try (EntropyLens lens = open(1)) {
            TextProfile profile =
                    lens.profile(
                            new int[] {5, 6, 7},
                            ask ->
                                    ask.promptOnly()
                                            .withEmbedding()
                                            .with(
                                                    Statistic.NEXT_PROBABILITY,
                                                    Statistic.NEXT_RANK,
                                                    Statistic.jaccard(0.9)));
            assertThat(profile.positions()).isEqualTo(3);
            assertThat(profile.layers()).isEqualTo(lens.model().config().nLayers() + 1);
            assertThat(profile.table(Statistic.NEXT_PROBABILITY)[2]).containsOnly(Double.NaN);
            assertThat(profile.table(Statistic.NEXT_RANK)[2]).containsOnly(Double.NaN);
            assertThat(profile.table(Statistic.NEXT_RANK)[1]).doesNotContain(Double.NaN);
            assertThat(profile.next(2)).isEmpty();
            // no layer stands before the first, in any position
            for (double[] row : profile.table(Statistic.jaccard(0.9))) {
                assertThat(row[0]).isNaN();
                assertThat(row[1]).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void skippedBlocksAreNumberedLikeTheirLayers() {
        try (EntropyLens lens = open(1)) {
            int[] ids = {5, 6, 7};
            double[][] whole = lens.profile(ids, Ask::promptOnly).table(Statistic.ENTROPY);
            double[][] without =
                    lens.profile(ids, ask -> ask.promptOnly().skippingBlocks(2))
                            .table(Statistic.ENTROPY);
            assertThat(without[0][0]).isEqualTo(whole[0][0]);
            assertThat(without[0][1]).isEqualTo(whole[0][0]).isNotEqualTo(whole[0][1]);
        }
    }

    @Test
    void severalThreadsMayUseOneLens() throws Exception {
        try (EntropyLens lens = open(2);
                var executor = Executors.newFixedThreadPool(4)) {
            Callable<double[]> task =
                    () -> lens.profile(new int[] {5, 6, 7}, ask -> ask.tokens(8)).meanByLayer();
            double[] expected = task.call();
            List<Future<double[]>> results =
                    executor.invokeAll(Stream.generate(() -> task).limit(8).toList());
            for (Future<double[]> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void lensesShareTheirThreadsAndLetThemGoAtTheEnd() {
        long before = threads();
        EntropyLens one = open(3);
        EntropyLens two = open(3);
        assertThat(threads()).isEqualTo(before + 2);
        one.close();
        two.profile(new int[] {5}, Ask::promptOnly);
        assertThat(threads()).isEqualTo(before + 2);
        two.close();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("entropy-lens-"))
                .count();
    }

    @Test
    void whatCannotBeOpenedIsRefusedByName() {
        assertThatThrownBy(() -> EntropyLens.open("no/such-model"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("no/such-model");
        try (EntropyLens lens = open(1)) {
            assertThat(lens.tokenizer()).isEmpty();
            assertThatThrownBy(() -> lens.profile("text"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("tokenizer.json");
            assertThatThrownBy(() -> lens.profile(new int[] {5}, ask -> ask.tokens(0)))
                    .hasMessageContaining("at least one token");
        }
    }

    @Test
    void aLensIsOpenedForTheModelAndAskedFor() {
        try (EntropyLens lens = open(1)) {
            Lens tuned = lens.openLens("tuned:src/test/resources/lenses/tuned-llama");
            int[] ids = {5, 6, 7};
            TextProfile through = lens.profile(ids, ask -> ask.promptOnly().through(tuned));
            TextProfile plain = lens.profile(ids, ask -> ask.promptOnly());
            assertThat(lens.request(ask -> ask.through(tuned)).lens()).isSameAs(tuned);
            assertThat(through.meanByLayer()[0]).isNotEqualTo(plain.meanByLayer()[0]);
            assertThat(through.meanByLayer()[2]).isEqualTo(plain.meanByLayer()[2]);
            assertThatThrownBy(() -> lens.openLens("tuned:nowhere"))
                    .isInstanceOf(CheckpointException.class);
        }
    }
}
