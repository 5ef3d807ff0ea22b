package entropylens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.hook.Intervention;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A text that goes on from a held session is what it is without one, and takes fewer rows.
class HeldSessionsTest {
    /// So few that prompts take several passes, some of a single row.
    private static final int MAX_ROWS = 4;

    private static final int TOKENS = 5;

    private static final Sampling WARM = new Sampling(0.8, 0.9, 7);

    static List<String> goldens() {
        return Goldens.NAMES;
    }

    /// A text that was generated.
    ///
    /// @param last the stream of each of the last rows, one after the other
    /// @param rows that went through the model
    private record Seen(int[] ids, float[] last, int rows) {}

    private static Seen seen(Model model, Run run, @Nullable HeldSessions held) {
        return seen(model, run, held, Integer.MAX_VALUE);
    }

    /// @param stop after as many tokens
    private static Seen seen(Model model, Run run, @Nullable HeldSessions held, int stop) {
        int width = model.config().dModel();
        int dVocab = model.config().dVocab();
        float[][] last = {new float[0]};
        int[][] ids = new int[1][];
        int[] rows = {0};
        RunListener listener =
                new RunListener() {
                    @Override
                    public void rows(int text, int position, float[] stream, int row, int count) {
                        rows[0] += count;
                        if (position + count >= run.prompt().length) {
                            int at = last[0].length;
                            last[0] = Arrays.copyOf(last[0], at + width);
                            System.arraycopy(stream, (row + count - 1) * width, last[0], at, width);
                        }
                    }

                    @Override
                    public void passed(int text, int[] all, int known) {
                        ids[0] = Arrays.copyOf(all, known);
                        if (known - run.prompt().length >= stop) {
                            throw new CancellationException();
                        }
                    }
                };
        // a token by the stream, so that texts part ways; with a temperature, by chance too
        Runner.Logits logits =
                (stream, count, _) -> {
                    float[] all = new float[count * dVocab];
                    for (int i = 0; i < count; i++) {
                        int bits = Float.floatToIntBits(stream[i * width]);
                        all[i * dVocab + Math.floorMod(bits, dVocab)] = 1;
                    }
                    return all;
                };
        Runner runner = new Runner(model, 1, MAX_ROWS, logits);
        (held == null ? runner : runner.holding(held)).run(List.of(run), listener, Progress.NONE);
        return new Seen(ids[0], last[0], rows[0]);
    }

    private static Run run(Sampling sampling, int tokens, int stepsFrom, int... prompt) {
        return new Run(
                prompt,
                tokens,
                sampling,
                0,
                Set.of(),
                Intervention.NONE,
                prompt.length - 1,
                stepsFrom);
    }

    private static HeldSessions held() {
        return new HeldSessions(3, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void whatWasGeneratedGoesOnAsItDid(String name) {
        Model model = TestModels.load(name, 1);
        int[] tokens = TestModels.tokens(name);
        int length = Math.min(tokens.length, model.config().nCtx()) - TOKENS;
        for (int from = Math.max(1, length - MAX_ROWS); from <= length; from++) {
            int[] prompt = Arrays.copyOf(tokens, from);
            HeldSessions held = held();
            Seen whole = seen(model, run(WARM, TOKENS, from, prompt), held);
            for (int given = 1; given < TOKENS; given++) {
                int[] begun = Arrays.copyOf(whole.ids, from + given);
                Run rest = run(WARM, TOKENS - given, from, begun);
                Seen with = seen(model, rest, held);
                Seen without = seen(model, rest, null);
                assertThat(with.ids).isEqualTo(whole.ids).isEqualTo(without.ids);
                int rows = (TOKENS - given) * model.config().dModel();
                int all = whole.last.length;
                assertThat(with.last)
                        .isEqualTo(without.last)
                        .isEqualTo(Arrays.copyOfRange(whole.last, all - rows, all));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void anEditedTextHasTheBitsThatItHasWithoutHolding(String name) {
        Model model = TestModels.load(name, 1);
        int[] tokens = TestModels.tokens(name);
        int length = Math.min(tokens.length, model.config().nCtx()) - TOKENS;
        HeldSessions held = held();
        seen(model, run(Sampling.GREEDY, TOKENS, length, Arrays.copyOf(tokens, length)), held);
        for (int shorter = 0; shorter < Math.min(length - 1, 2 * MAX_ROWS); shorter++) {
            int[] prompt = Arrays.copyOf(tokens, length - shorter);
            for (int edited = Math.max(0, length - 10); edited < prompt.length; edited++) {
                int[] changed = prompt.clone();
                changed[edited] = (changed[edited] + 1) % model.config().dVocab();
                Run run = run(Sampling.GREEDY, 2, changed.length, changed);
                Seen with = seen(model, run, held);
                Seen without = seen(model, run, null);
                assertThat(with.ids).isEqualTo(without.ids);
                assertThat(with.last).isEqualTo(without.last);
            }
        }
    }

    private static final String PLAIN = "llama-gqa-tied";
    private static final Model MODEL = TestModels.load(PLAIN, 1);
    private static final int[] PROMPT = IntStream.range(1, 12).toArray();

    @Test
    void whatIsHeldIsNotComputedAgain() {
        HeldSessions held = held();
        Seen whole = seen(MODEL, run(Sampling.GREEDY, TOKENS, 11, PROMPT), held);
        assertThat(whole.rows).isEqualTo(11 + TOKENS - 1);
        int[] edited = Arrays.copyOf(whole.ids, 14);
        edited[13] = (edited[13] + 1) % 101;
        Seen rest = seen(MODEL, run(Sampling.GREEDY, 3, 11, edited), held);
        assertThat(rest.rows).as("the edited token, and two more").isEqualTo(3);
        Seen other = seen(MODEL, run(Sampling.GREEDY, 1, 9, Arrays.copyOf(PROMPT, 9)), held);
        assertThat(other.rows).as("its last token goes by itself").isEqualTo(1);
        Seen third = seen(MODEL, run(Sampling.GREEDY, 1, 7, Arrays.copyOf(PROMPT, 7)), held);
        assertThat(third.rows).as("its last two went together").isEqualTo(2);
    }

    @Test
    void aTextThatIsStoppedIsHeldToo() {
        HeldSessions held = held();
        Run run = run(Sampling.GREEDY, 20, 11, PROMPT);
        assertThatThrownBy(() -> seen(MODEL, run, held, 4))
                .isInstanceOf(CancellationException.class);
        Seen whole = seen(MODEL, run, null);
        int[] begun = Arrays.copyOf(whole.ids, 15);
        assertThat(seen(MODEL, run(Sampling.GREEDY, 1, 11, begun), held).rows).isEqualTo(1);
    }

    @Test
    void anotherInterventionGoesOnFromNothing() {
        HeldSessions held = held();
        seen(MODEL, run(Sampling.GREEDY, 1, 11, PROMPT), held);
        Run skipping =
                new Run(PROMPT, 1, Sampling.GREEDY, 0, Set.of(), Intervention.skip(1), 10, 11);
        assertThat(seen(MODEL, skipping, held).rows).isEqualTo(11);
    }

    @Test
    void noMoreIsHeldThanThereIsRoomFor() {
        HeldSessions three = held();
        for (int i = 0; i < 5; i++) {
            int[] prompt = PROMPT.clone();
            prompt[0] = 20 + i;
            seen(MODEL, run(Sampling.GREEDY, 1, 11, prompt), three);
        }
        assertThat(three.bytes()).isEqualTo(3 * MODEL.config().stateBytes(11));
        three.clear();
        assertThat(three.bytes()).isZero();
        HeldSessions small = new HeldSessions(3, MODEL.config().stateBytes(11) + 1);
        seen(MODEL, run(Sampling.GREEDY, 1, 11, PROMPT), small);
        assertThat(small.bytes()).isPositive();
        seen(MODEL, run(Sampling.GREEDY, 9, 11, PROMPT), small);
        assertThat(small.bytes()).as("too large to be held").isZero();
    }
}
