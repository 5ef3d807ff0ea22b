package entropylens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.hook.Intervention;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Mixers that keep a state of constant size.
class RecurrentMixersTest {
    private static final int TAPS = 4;
    private static final int CHANNELS = 5;
    private static final int ROWS = 9;

    private final Random random = new Random(3);

    private float[] noise(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    private static RecurrentState empty() {
        return new RecurrentState(new float[(TAPS - 1) * CHANNELS], new float[0]);
    }

    @Test
    void aConvolutionSumsTheLastTokensOfItsChannel() {
        float[] weights = noise(TAPS * CHANNELS);
        float[] bias = noise(CHANNELS);
        float[] x = noise(ROWS * CHANNELS);
        float[] out = new float[x.length];
        new CausalConvolution(TAPS, weights, bias)
                .run(new Stretches.Stretch(0, ROWS, empty()), x, out);
        for (int row = 0; row < ROWS; row++) {
            for (int c = 0; c < CHANNELS; c++) {
                double sum = bias[c];
                for (int back = 0; back < TAPS && back <= row; back++) {
                    sum +=
                            weights[(TAPS - 1 - back) * CHANNELS + c]
                                    * (double) x[(row - back) * CHANNELS + c];
                }
                assertThat((double) out[row * CHANNELS + c]).isCloseTo(sum, within(1e-5));
            }
        }
    }

    @Test
    void aConvolutionInPiecesGivesTheSameBits() {
        CausalConvolution convolution = new CausalConvolution(TAPS, noise(TAPS * CHANNELS), null);
        float[] x = noise(ROWS * CHANNELS);
        float[] whole = new float[x.length];
        convolution.run(new Stretches.Stretch(0, ROWS, empty()), x, whole);
        for (int cut = 1; cut < ROWS; cut++) {
            float[] pieces = new float[x.length];
            RecurrentState state = empty();
            convolution.run(new Stretches.Stretch(0, cut, state), x, pieces);
            for (int row = cut; row < ROWS; row++) {
                convolution.run(new Stretches.Stretch(row, row + 1, state), x, pieces);
            }
            assertThat(pieces).isEqualTo(whole);
        }
    }

    @Test
    void theDeltaRuleMapsAKeyToItsValue() {
        DeltaRule rule = new DeltaRule(3, 2);
        float[] memory = new float[6];
        float[] out = new float[2];
        float[] key = {0.6f, 0.8f, 0};
        rule.step(memory, 0, 0.5f, 1, key, key, new float[] {2, 3}, 0, out, 0);
        assertThat(out).containsExactly(new float[] {2, 3}, within(1e-6f));
        rule.step(memory, 0, 0.5f, 1, key, key, new float[] {-1, 7}, 0, out, 0);
        assertThat(out).as("the newer value").containsExactly(new float[] {-1, 7}, within(1e-6f));
        rule.step(memory, 0, 0.5f, 0, key, key, new float[] {9, 9}, 0, out, 0);
        assertThat(out).as("half of it").containsExactly(new float[] {-0.5f, 3.5f}, within(1e-6f));
    }

    @Test
    void aSkippedBlockRemembersNothing() {
        Model model = TestModels.load("qwen3-next-tied", 1);
        int[] tokens = TestModels.tokens("qwen3-next-tied");
        Intervention skip = Intervention.skip(0);
        Session session = model.newSession(tokens.length, skip);
        TestModels.feed(model, session, tokens);
        assertThat(((RecurrentState) session.state(0)).recent()).containsOnly(0);
        assertThat(((RecurrentState) session.state(0)).memory()).containsOnly(0);
        assertThat(((RecurrentState) session.state(1)).memory()).doesNotContain(0);
    }

    @Test
    void aChannelTakesTheSameIntoAllItsStatesTimesTheirB() {
        Model model = TestModels.load("mamba-tied", 1);
        int[] tokens = TestModels.tokens("mamba-tied");
        Session session = model.newSession(1);
        TestModels.feed(model, session, tokens[0]);
        float[] memory = ((RecurrentState) session.state(0)).memory();
        int states = 4;
        int channels = memory.length / states;
        for (int s = 1; s < states; s++) {
            double b = memory[s * channels] / (double) memory[0];
            for (int c = 0; c < channels; c++) {
                assertThat(memory[s * channels + c] / (double) memory[c])
                        .isCloseTo(b, within(1e-5 * Math.abs(b)));
            }
        }
    }

    @Test
    void aSkippedConvolutionRemembersNothing() {
        Model model = TestModels.load("lfm2-tied", 1);
        int[] tokens = TestModels.tokens("lfm2-tied");
        Session session = model.newSession(tokens.length, Intervention.skip(0));
        TestModels.feed(model, session, tokens);
        assertThat(((RecurrentState) session.state(0)).recent()).containsOnly(0);
        assertThat(((RecurrentState) session.state(1)).recent()).hasSize(3 * 20).doesNotContain(0);
    }

    /// S after one token is `step · B xᵀ`, of rank 1: each head's rows are multiples of each other.
    @Test
    void aStateSpaceTakesInOneTokenAsItsBTimesItsX() {
        Model model = TestModels.load("mamba2-tied", 1);
        Session session = model.newSession(1);
        TestModels.feed(model, session, TestModels.tokens("mamba2-tied")[0]);
        float[] memory = ((RecurrentState) session.state(0)).memory();
        var shape = (MixerShape.StateSpace) model.config().mixers().getFirst();
        int dHead = shape.dHead();
        for (int head = 0; head < shape.nHeads(); head++) {
            int first = head * shape.dState() * dHead;
            for (int state = 1; state < shape.dState(); state++) {
                double b = memory[first + state * dHead] / (double) memory[first];
                for (int i = 0; i < dHead; i++) {
                    assertThat(memory[first + state * dHead + i] / (double) memory[first + i])
                            .isCloseTo(b, within(1e-5 * Math.abs(b)));
                }
            }
        }
    }

    @Test
    void aSkippedStateSpaceRemembersNothing() {
        Model model = TestModels.load("mamba2-tied", 1);
        int[] tokens = TestModels.tokens("mamba2-tied");
        Session session = model.newSession(tokens.length, Intervention.skip(1));
        TestModels.feed(model, session, tokens);
        assertThat(((RecurrentState) session.state(1)).recent()).containsOnly(0);
        assertThat(((RecurrentState) session.state(1)).memory()).containsOnly(0);
        assertThat(((RecurrentState) session.state(2)).memory()).doesNotContain(0);
    }

    @Test
    void skippedMixersSideBySideRememberNothing() {
        Model model = TestModels.load("falcon-h1-tied", 1);
        int[] tokens = TestModels.tokens("falcon-h1-tied");
        Session session = model.newSession(tokens.length, Intervention.skip(1));
        TestModels.feed(model, session, tokens);
        assertThat(session.state(1).recurrent().memory()).containsOnly(0);
        assertThat(session.state(1).recurrent().recent()).containsOnly(0);
        assertThat(session.state(2).recurrent().memory()).doesNotContain(0);
    }

    @Test
    void mixersSideBySideTakeWhatBothTake() {
        var both =
                (MixerShape.SideBySide)
                        TestModels.load("falcon-h1-tied", 1).config().mixers().getFirst();
        assertThat(both.stateBytes(9))
                .isEqualTo(both.attention().stateBytes(9) + both.space().stateBytes(9));
        assertThat(both.rowFloats())
                .isEqualTo(both.attention().rowFloats() + both.space().rowFloats());
    }

    @Test
    void aRecurrentBlockTakesAsMuchForALongTextAsForAShortOne() {
        MixerShape net = new MixerShape.DeltaNet(2, 4, 6, 5, 4);
        assertThat(net.stateBytes(1)).isEqualTo(4 * (3 * (2 * 2 * 6 + 4 * 5) + 4 * 6 * 5));
        assertThat(net.stateBytes(100_000)).isEqualTo(net.stateBytes(1));
        MixerShape scan = new MixerShape.SelectiveScan(10, 4, 3, 4);
        assertThat(scan.stateBytes(100_000)).isEqualTo(4 * (3 * 10 + 10 * 4));
        MixerShape convolution = new MixerShape.ShortConvolution(10, 3);
        assertThat(convolution.stateBytes(100_000)).isEqualTo(4 * 2 * 10);
        MixerShape space = new MixerShape.StateSpace(4, 5, 2, 6, 3);
        assertThat(space.stateBytes(100_000)).isEqualTo(4 * (2 * (4 * 5 + 2 * 2 * 6) + 4 * 5 * 6));
    }
}
