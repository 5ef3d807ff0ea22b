package entropylens.model;

import static entropylens.model.TestModels.feed;
import static entropylens.model.TestModels.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import entropylens.Goldens;
import entropylens.hook.BlockAction;
import entropylens.hook.HookPoint;
import entropylens.hook.Intervention;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterventionTest {
    /// Both block kinds, several layers.
    private static final String LLAMA = "llama-biased-untied";

    static List<String> names() {
        return Goldens.NAMES;
    }

    private static Recording run(Model model, int[] tokens, Intervention intervention) {
        Session session = model.newSession(tokens.length, intervention);
        Recording recording = new Recording(model, session);
        feed(model, session, part(tokens, 0, tokens.length - 3));
        // decoding as well: two calls of a single row and one of two would be other sums
        feed(model, session, part(tokens, tokens.length - 3, tokens.length));
        return recording;
    }

    @ParameterizedTest
    @MethodSource("names")
    void aSkippedBlockLeavesTheStreamAsItWas(String name) {
        Model model = TestModels.load(name, 1);
        int[] tokens = TestModels.tokens(name);
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
            Recording seen = run(model, tokens, Intervention.skip(layer));
            assertThat(seen.at(HookPoint.residPost(layer)))
                    .isEqualTo(seen.at(HookPoint.residPre(layer)));
            if (seen.has(HookPoint.residMid(layer))) {
                assertThat(seen.at(HookPoint.residMid(layer)))
                        .isEqualTo(seen.at(HookPoint.residPre(layer)));
            }
            assertThat(seen.at(HookPoint.attnOut(layer))).containsOnly(0);
            assertThat(seen.at(HookPoint.mlpOut(layer))).containsOnly(0);
        }
    }

    /// In one batch with a session that runs all blocks, and one that skips another: each row as it
    /// is alone.
    @ParameterizedTest
    @MethodSource("names")
    void aSkippedBlockTouchesNoOtherSession(String name) {
        Model model = TestModels.load(name, 2);
        int[] tokens = TestModels.tokens(name);
        int last = model.config().nLayers() - 1;
        List<Intervention> interventions =
                List.of(
                        Intervention.skip(last),
                        Intervention.NONE,
                        Intervention.of(BlockAction.SKIP_ATTENTION, 0),
                        Intervention.of(new BlockAction(1, 2), 0));
        List<Session> sessions =
                interventions.stream().map(i -> model.newSession(tokens.length, i)).toList();
        List<Recording> together = sessions.stream().map(s -> new Recording(model, s)).toList();
        for (int from = 0; from < tokens.length; from += 10) {
            Batch batch = new Batch();
            for (Session session : sessions) {
                batch.add(session, part(tokens, from, Math.min(from + 10, tokens.length)));
            }
            model.forward(batch);
        }
        for (int i = 0; i < sessions.size(); i++) {
            together.get(i)
                    .requireSameBits(run(model, tokens, interventions.get(i)), tokens.length);
        }
        Recording skipped = together.getFirst();
        assertThat(skipped.at(HookPoint.residPost(last)))
                .isEqualTo(skipped.at(HookPoint.residPre(last)));
    }

    private static KvCache cache(Session session, int layer) {
        return (KvCache) session.state(layer);
    }

    @Test
    void aSkippedBlockWritesNoKeysAndValues() {
        Model model = TestModels.load(LLAMA, 1);
        int[] tokens = TestModels.tokens(LLAMA);
        Session skipping = model.newSession(tokens.length, Intervention.skip(1));
        Session running = model.newSession(tokens.length);
        Batch batch = new Batch();
        batch.add(skipping, tokens);
        batch.add(running, tokens);
        model.forward(batch);
        assertThat(cache(skipping, 1).keys()).containsOnly(0);
        assertThat(cache(skipping, 1).values()).containsOnly(0);
        assertThat(cache(running, 1).keys()).doesNotContain(0f);
        assertThat(cache(skipping, 0).keys()).isEqualTo(cache(running, 0).keys());
    }

    @Test
    void skippingEveryBlockLeavesTheEmbedding() {
        Model model = TestModels.load(LLAMA, 1);
        int[] tokens = TestModels.tokens(LLAMA);
        int[] all = IntStream.range(0, model.config().nLayers()).toArray();
        Recording none = run(model, tokens, Intervention.NONE);
        Session session = model.newSession(tokens.length, Intervention.skip(all));
        assertThat(feed(model, session, tokens)).isEqualTo(none.at(HookPoint.residPre(0)));
    }

    @Test
    void aBlockThatSharesItsKeysStoresThemEvenWhenItIsSkipped() {
        Model model = TestModels.load("gemma4-sharing", 1);
        int[] tokens = TestModels.tokens("gemma4-sharing");
        Session skipping = model.newSession(tokens.length, Intervention.skip(3));
        Session running = model.newSession(tokens.length);
        feed(model, skipping, tokens);
        feed(model, running, tokens);
        assertThat(cache(skipping, 3).keys()).isEqualTo(cache(running, 3).keys());
        assertThat(cache(running, 5)).isSameAs(cache(running, 3));
        assertThat(cache(skipping, 2).keys()).isEqualTo(cache(running, 2).keys());
    }

    @ParameterizedTest
    @MethodSource("names")
    void onlyThePartNamedIsSkipped(String name) {
        Model model = TestModels.load(name, 1);
        int[] tokens = TestModels.tokens(name);
        int layer = model.config().nLayers() - 1;
        // what Gemma 4 does after both halves is done as well when one is left out
        assumeThat(model.weights().blocks().get(layer).finish()).isNull();
        Recording none = run(model, tokens, Intervention.NONE);
        Recording noMlp = run(model, tokens, Intervention.of(BlockAction.SKIP_MLP, layer));
        assertThat(noMlp.at(HookPoint.mlpOut(layer))).containsOnly(0);
        assertThat(noMlp.at(HookPoint.attnOut(layer))).isEqualTo(none.at(HookPoint.attnOut(layer)));
        if (none.has(HookPoint.residMid(layer))) {
            assertThat(noMlp.at(HookPoint.residPost(layer)))
                    .isEqualTo(none.at(HookPoint.residMid(layer)));
        } else {
            assertThat(noMlp.at(HookPoint.residPost(layer)))
                    .isEqualTo(
                            sum(
                                    none.at(HookPoint.residPre(layer)),
                                    none.at(HookPoint.attnOut(layer))));
        }
        Recording noAttention =
                run(model, tokens, Intervention.of(BlockAction.SKIP_ATTENTION, layer));
        assertThat(noAttention.at(HookPoint.attnOut(layer))).containsOnly(0);
        if (none.has(HookPoint.residMid(layer))) {
            assertThat(noAttention.at(HookPoint.residMid(layer)))
                    .isEqualTo(none.at(HookPoint.residPre(layer)));
            assertThat(noAttention.at(HookPoint.mlpOut(layer)))
                    .doesNotContain(0f)
                    .isNotEqualTo(none.at(HookPoint.mlpOut(layer)));
        } else {
            // side by side: the MLP does not see what attention did
            assertThat(noAttention.at(HookPoint.mlpOut(layer)))
                    .isEqualTo(none.at(HookPoint.mlpOut(layer)));
        }
        if (model.config().residual() != Residual.POST_NORM) {
            assertThat(noAttention.at(HookPoint.residPost(layer)))
                    .isEqualTo(
                            sum(
                                    noAttention.at(HookPoint.residPre(layer)),
                                    noAttention.at(HookPoint.mlpOut(layer))));
        }
    }

    /// Powers of two, so that the factor is exact.
    @ParameterizedTest
    @ValueSource(floats = {0.5f, 2, -1})
    void aFactorMultipliesTheContribution(float factor) {
        for (String name : List.of(LLAMA, "gpt2-base")) {
            Model model = TestModels.load(name, 1);
            int[] tokens = TestModels.tokens(name);
            int layer = model.config().nLayers() - 1;
            Recording none = run(model, tokens, Intervention.NONE);
            Recording mlp = run(model, tokens, Intervention.of(new BlockAction(1, factor), layer));
            assertThat(mlp.at(HookPoint.attnOut(layer)))
                    .isEqualTo(none.at(HookPoint.attnOut(layer)));
            float[] added = times(factor, none.at(HookPoint.mlpOut(layer)));
            assertThat(mlp.at(HookPoint.mlpOut(layer))).isEqualTo(added);
            assertThat(mlp.at(HookPoint.residPost(layer)))
                    .isEqualTo(sum(none.at(HookPoint.residMid(layer)), added));
            Recording attention =
                    run(model, tokens, Intervention.of(new BlockAction(factor, 1), layer));
            added = times(factor, none.at(HookPoint.attnOut(layer)));
            assertThat(attention.at(HookPoint.attnOut(layer))).isEqualTo(added);
            assertThat(attention.at(HookPoint.residMid(layer)))
                    .isEqualTo(sum(none.at(HookPoint.residPre(layer)), added));
        }
    }

    private static float[] times(float factor, float[] values) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = factor * values[i];
        }
        return scaled;
    }

    private static float[] sum(float[] a, float[] b) {
        float[] sum = Arrays.copyOf(a, a.length);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    @Test
    void aBlockThatDoesNotExistIsRefused() {
        Model model = TestModels.load(LLAMA, 1);
        int last = model.config().nLayers() - 1;
        for (int layer : new int[] {-1, last + 1}) {
            assertThatThrownBy(() -> model.newSession(4, Intervention.skip(layer)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no block " + layer)
                    .hasMessageContaining("blocks 0.." + last);
            Session session = model.newSession(4);
            assertThatThrownBy(
                            () -> session.observe(HookPoint.residPost(layer), (_, _, _, _) -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("blocks." + layer + ".hook_resid_post")
                    .hasMessageContaining("blocks 0.." + last);
        }
    }

    @Test
    void aContradictionIsRefused() {
        assertThatThrownBy(() -> Intervention.skip(1, 2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("block 1 is named twice");
        for (float factor : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new BlockAction(factor, 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new BlockAction(1, factor))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Intervention(Map.of(3, BlockAction.SKIP)).at(2)).isEqualTo(BlockAction.RUN);
    }
}
