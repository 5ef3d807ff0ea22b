package entropylens.model;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Goldens;
import entropylens.hook.Intervention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What texts begin with goes through the model once, and no text is any different.
class SharedPrefixesTest {
    private static Run run(int seenFrom, int... prompt) {
        return Run.of(prompt, Intervention.NONE, seenFrom);
    }

    private static SharedPrefixes of(List<Run> runs) {
        return SharedPrefixes.of(runs, new Positions.None());
    }

    private static int[] ids(int count, int... last) {
        return IntStream.concat(IntStream.range(0, count), IntStream.of(last)).toArray();
    }

    @Test
    void theLongestCommonBeginningIsSharedAndPartsOfTheTextsShareMore() {
        List<Run> runs =
                List.of(
                        run(40, ids(40, 7, 7)),
                        run(19, ids(20, 9)),
                        run(40, ids(40, 7, 8)),
                        run(20, ids(20, 8, 1)));
        SharedPrefixes shared = of(runs);
        assertThat(shared.of(1).length()).isEqualTo(19);
        assertThat(shared.of(3)).isSameAs(shared.of(1));
        // one more of the token at 19, then 21 more of two texts: too few for a pass of their own
        assertThat(shared.of(0)).isSameAs(shared.of(2)).isSameAs(shared.of(1));
        assertThat(shared.held()).isEqualTo(19);
        assertThat(shared.order()).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void aPrefixGoesOnFromAnother() {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(run(99, ids(40, 7, 100 + i)));
            runs.add(run(99, ids(20, 8, 200 + i)));
        }
        SharedPrefixes shared = of(runs);
        assertThat(shared.of(0).length()).isEqualTo(41);
        assertThat(shared.of(0).own())
                .isEqualTo(IntStream.range(20, 41).map(i -> i == 40 ? 7 : i).toArray());
        assertThat(shared.of(0).parent().length()).isEqualTo(20);
        // two tokens more, of three texts, do not pay
        assertThat(shared.of(1)).isSameAs(shared.of(0).parent());
        assertThat(shared.held()).isEqualTo(61);
    }

    @Test
    void whatIsLookedAtIsNotShared() {
        List<Run> runs = List.of(run(0, ids(40, 1)), run(0, ids(40, 2)), run(0, ids(40, 3)));
        SharedPrefixes shared = of(runs);
        assertThat(shared.held()).isZero();
        assertThat(shared.order()).containsExactly(0, 1, 2);
    }

    @Test
    void anotherInterventionSharesNothing() {
        Run as = Run.of(ids(60), Intervention.NONE, 59);
        Run skipping = Run.of(ids(60), Intervention.skip(1), 59);
        assertThat(of(List.of(as, skipping)).held()).isZero();
        assertThat(of(List.of(as, skipping, skipping)).of(1).of()).isSameAs(skipping);
    }

    @Test
    void textsThatAreTurnedInAnotherWayShareNothing() {
        Rope dynamic = new Rope.Dynamic(10_000, 4, 2, 50);
        Positions positions =
                new Positions.Rotary(List.of(dynamic, Rope.NONE), Positions.Pairing.HALVES);
        List<Run> runs = List.of(run(99, ids(45, 1)), run(99, ids(45, 2)), run(99, ids(60, 3)));
        SharedPrefixes shared = SharedPrefixes.of(runs, positions);
        assertThat(shared.of(0).capacity()).isEqualTo(45);
        assertThat(shared.of(2)).isNull();
        List<Run> longer = List.of(run(99, ids(70, 1)), run(99, ids(70, 2)), run(99, ids(60, 3)));
        // turned as a text of 71 tokens is
        assertThat(SharedPrefixes.of(longer, positions).of(0).capacity()).isEqualTo(71);
        assertThat(SharedPrefixes.of(longer, positions).of(2)).isNull();
    }

    static List<String> goldens() {
        return Goldens.NAMES;
    }

    /// Rows of the stream of every text, and how many went through.
    private record Seen(List<float[]> lastRows, List<int[]> ids, int rows) {}

    private static Seen seen(Model model, List<Run> runs) {
        int width = model.config().dModel();
        int dVocab = model.config().dVocab();
        float[][] last = new float[runs.size()][];
        int[][] ids = new int[runs.size()][];
        int[] rows = {0};
        RunListener listener =
                new RunListener() {
                    @Override
                    public void rows(int text, int position, float[] stream, int row, int count) {
                        int at = (row + count - 1) * width;
                        last[text] = Arrays.copyOfRange(stream, at, at + width);
                        rows[0] += count;
                    }

                    @Override
                    public void end(int text, int[] all) {
                        ids[text] = all;
                    }
                };
        // a token by the stream, so that texts part ways
        Runner.Logits logits =
                (stream, count, _) -> {
                    float[] all = new float[count * dVocab];
                    for (int i = 0; i < count; i++) {
                        int bits = Float.floatToIntBits(stream[i * width]);
                        all[i * dVocab + Math.floorMod(bits, dVocab)] = 1;
                    }
                    return all;
                };
        new Runner(model, 3, 5, logits).run(runs, listener, Progress.NONE);
        return new Seen(List.of(last), List.of(ids), rows[0]);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void everyTextHasTheBitsThatItHasWithoutSharing(String name) {
        Model model = TestModels.load(name, 2);
        int context = model.config().nCtx();
        int[] tokens = TestModels.tokens(name);
        int length = Math.min(Math.min(tokens.length, context - 4), 14);
        Positions positions = model.config().positions();
        // where each length is turned in its own way, texts of one length
        boolean alike = positions.kindOf(length + 3).equals(positions.kindOf(length + 1));
        List<Run> sharing = new ArrayList<>();
        List<Run> apart = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            int[] prompt = Arrays.copyOf(tokens, alike ? length - i / 3 : length);
            prompt[prompt.length - 1] = i % model.config().dVocab();
            sharing.add(greedy(prompt, prompt.length - 1));
            apart.add(greedy(prompt, 0));
        }
        Seen with = seen(model, sharing);
        Seen without = seen(model, apart);
        assertThat(with.rows()).isLessThan(without.rows() - SharedPrefixes.MIN_SAVED_ROWS);
        for (int i = 0; i < 7; i++) {
            assertThat(with.ids().get(i)).isEqualTo(without.ids().get(i));
            assertThat(with.lastRows().get(i)).isEqualTo(without.lastRows().get(i));
        }
    }

    private static Run greedy(int[] prompt, int seenFrom) {
        return new Run(prompt, 4, Sampling.GREEDY, 0, Set.of(), Intervention.NONE, seenFrom);
    }
}
