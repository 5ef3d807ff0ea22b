package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.Goldens;
import entropylens.Worst;
import entropylens.checkpoint.RealModel;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.NormWeights;
import entropylens.tokenizer.DjlTokenizer;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A model that is whole passes; one that is damaged, or fed with another model's tokens, does not.
class SelfCheckTest {
    /// Of the largest element of a row: worst seen on all goldens 1.3e-6 (qwen2-window), doubled.
    static final double GOLDENS = 2.6e-6;

    /// The same of one wrong token in the cache: least seen 2.5e-2, halved.
    static final double ANOTHER_KEY = 1.2e-2;

    private static Model load(Path directory, Kernels kernels) {
        return LoadedModel.load(
                        directory, Arena.ofAuto(), new CpuBackend(kernels, new WorkerPool(1)))
                .model();
    }

    private static Model load(Path directory) {
        return load(directory, Kernels.best());
    }

    @Test
    void everyGoldenPassesWithRoomToSpare() {
        Worst decoding = new Worst("decoding against one pass, of a row's largest");
        Worst batching = new Worst("beside another text, of a row's largest");
        for (String name : Goldens.NAMES) {
            for (Kernels kernels : List.of(Kernels.scalar(), Kernels.best())) {
                SelfCheck.Result result = SelfCheck.ofNoise(load(Goldens.directory(name), kernels));
                assertThat(result.failures()).as(name).isEmpty();
                assertThat(result.loss()).as("noise has no loss").isEmpty();
                String where = name + " " + kernels.name();
                decoding.see(result.decoding().orElseThrow(), () -> where);
                batching.see(result.batching().orElseThrow(), () -> where);
            }
        }
        decoding.requireWithin(GOLDENS);
        batching.requireWithin(GOLDENS);
    }

    /// What a lost or misplaced key does to later rows is far above what rounding does.
    @Test
    void anotherTokenInTheCacheIsAboveTheBound() {
        double least = Double.POSITIVE_INFINITY;
        for (String name : Goldens.NAMES) {
            Model model = load(Goldens.directory(name));
            int n = Math.min(SelfCheck.MAX_TOKENS, model.config().nCtx());
            int[] ids = new Random(1).ints(n, 0, model.config().dVocab()).toArray();
            int[] other = ids.clone();
            other[n - 2] = (other[n - 2] + 1) % model.config().dVocab();
            float[] row = lastRow(model, ids);
            double difference = SelfCheck.difference(lastRow(model, other), row, row.length);
            assertThat(difference).as(name).isGreaterThan(ANOTHER_KEY);
            least = Math.min(least, difference);
        }
        System.out.printf("another token in the cache: %.1e at least%n", least);
    }

    private static float[] lastRow(Model model, int[] ids) {
        Batch batch = new Batch();
        batch.add(model.newSession(ids.length), ids);
        float[] stream = model.forward(batch);
        return Arrays.copyOfRange(stream, stream.length - model.config().dModel(), stream.length);
    }

    @Test
    void theFirstBlockThatIsNotFiniteIsNamed() {
        Model model = load(Goldens.directory("llama-gqa-tied"));
        ln2(model, 1).weight()[3] = Float.NaN;
        SelfCheck.Result result = SelfCheck.ofNoise(model);
        assertThat(result.passed()).isFalse();
        assertThat(result.failures())
                .singleElement()
                .asString()
                .startsWith("the stream is not finite at blocks.1.hook_resid_post, token 1 of 32");
        assertThat(result.decoding()).as("nothing else is told of it").isEmpty();
    }

    @Test
    void aReadoutThatIsNotFiniteIsFound() {
        Model model = load(Goldens.directory("gpt2-base"));
        NormWeights lnFinal = Objects.requireNonNull(model.weights().readout().lnFinal());
        lnFinal.weight()[0] = Float.POSITIVE_INFINITY;
        assertThat(SelfCheck.ofNoise(model).failures())
                .singleElement()
                .asString()
                .startsWith("the logit of entry ")
                .contains("at token 1 of ");
    }

    private static NormWeights ln2(Model model, int block) {
        return Objects.requireNonNull(model.weights().blocks().get(block).ln2());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100})
    void aTextOfAnyLengthWillDo(int length) {
        Model model = load(Goldens.directory("mistral-window"));
        int[] ids = new Random(2).ints(length, 0, model.config().dVocab()).toArray();
        SelfCheck.Result result = SelfCheck.ofText(model, ids);
        assertThat(result.tokens()).isEqualTo(Math.min(length, 32));
        assertThat(result.decoding().orElseThrow()).isLessThan(GOLDENS);
        assertThat(result.batching().orElseThrow()).isLessThan(GOLDENS);
        assertThat(result.loss().isPresent()).isEqualTo(length > 1);
        assertThat(result.guessing()).isEqualTo(Math.log(model.config().dVocab()));
    }

    @Test
    void theLossIsWhatTheReadoutSaysOfTheNextToken() {
        Model model = load(Goldens.directory("gpt2-base"));
        int[] ids = new Random(3).ints(9, 0, model.config().dVocab()).toArray();
        TextProfile text =
                new Profiler(model)
                        .profile(
                                ids,
                                new ProfileRequest(
                                        Positions.PROMPT,
                                        ReadoutRequest.ENTROPY.with(
                                                Statistic.NEXT_PROBABILITY, Statistic.NEXT_RANK)));
        double loss = 0;
        for (int t = 0; t < 8; t++) {
            int last = t * text.layers() + text.layers() - 1;
            loss -= Math.log(text.readouts().column(Statistic.NEXT_PROBABILITY)[last]) / 8;
        }
        assertThat(SelfCheck.ofText(model, ids).loss().orElseThrow()).isCloseTo(loss, within(1e-5));
    }

    @Test
    void aTrainedModelPassesOnEnglish() {
        Path directory = RealModel.stories260K();
        Model model = load(directory);
        SelfCheck.Result result = SelfCheck.ofText(model, english(directory));
        System.out.printf("stories260K %s%n", result);
        assertThat(result.failures()).isEmpty();
        assertThat(result.text()).isTrue();
        assertThat(result.decoding().orElseThrow()).isLessThan(GOLDENS);
        assertThat(result.loss().orElseThrow()).isBetween(0.5, 3.0);
    }

    @Test
    void aTrainedModelWithAShuffledVocabularyFails() {
        Path directory = RealModel.stories260K();
        Model model = load(directory);
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, model.config().dVocab()).boxed().toList());
        Collections.shuffle(shuffled, new Random(1));
        int[] ids = Arrays.stream(english(directory)).map(shuffled::get).toArray();
        SelfCheck.Result result = SelfCheck.ofText(model, ids);
        System.out.printf("stories260K shuffled %s%n", result);
        assertThat(result.failures())
                .singleElement()
                .asString()
                .contains(
                        "no language to this model. Wrong tokenizer, or wrong reading of the weights");
        assertThat(result.loss().orElseThrow()).isGreaterThan(result.guessing());
    }

    @Test
    void onlyWhatIsNoLikelierThanShuffledFails() {
        assertThat(new TextLoss(1.9, OptionalDouble.empty(), 6.2).failure()).isEmpty();
        assertThat(new TextLoss(7.4, OptionalDouble.of(11.9), 6.9).failure()).isEmpty();
        assertThat(new TextLoss(15, OptionalDouble.of(17.4), 6.9).failure().orElseThrow())
                .contains("15.00 nats", "ln V = 6.90", "shuffled have 17.40", "Wrong tokenizer");
        assertThat(new TextLoss(7.5, OptionalDouble.of(7.2), 6.9).failure().orElseThrow())
                .contains("as before training", "if it was trained")
                .doesNotContain("Wrong tokenizer");
        assertThat(new TextLoss(Double.NaN, OptionalDouble.empty(), 6.9).failure()).isPresent();
    }

    private static int[] english(Path directory) {
        return DjlTokenizer.open(directory.resolve("tokenizer.json")).encode(SelfCheck.LINE);
    }
}
