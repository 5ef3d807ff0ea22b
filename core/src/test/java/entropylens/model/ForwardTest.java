package entropylens.model;

import static entropylens.model.TestModels.feed;
import static entropylens.model.TestModels.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.hook.HookPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// However its tokens are cut into calls and whatever runs beside it, a sequence is the same.
class ForwardTest {
    static List<String> names() {
        return Goldens.NAMES;
    }

    /// The sequence in one call: what everything is compared with.
    private static Recording whole(Model model, int[] tokens) {
        return whole(model, tokens, tokens.length);
    }

    /// @param capacity what some rotary embeddings go by
    private static Recording whole(Model model, int[] tokens, int capacity) {
        Session session = model.newSession(capacity);
        Recording recording = new Recording(model, session);
        feed(model, session, tokens);
        return recording;
    }

    @Test
    void aBlockThatNormsOnceHasNoSecondNorm() {
        Model phi = TestModels.load("phi-partial", 1);
        Weights.Block block = phi.weights().blocks().getFirst();
        assertThat(block.ln2()).isNull();
        Weights.Block wrong =
                new Weights.Block(block.ln1(), block.mixer(), block.ln1(), block.mlp());
        Weights weights =
                new Weights(phi.weights().embedding(), List.of(wrong), phi.weights().readout());
        assertThatThrownBy(() -> new Model(phi.config(), weights, phi.backend()))
                .hasMessageContaining("norms once for attention and MLP has no ln2");
    }

    @ParameterizedTest
    @MethodSource("names")
    void prefillInChunksGivesTheSameBits(String name) {
        Model model = TestModels.load(name, 1);
        int[] tokens = TestModels.tokens(name);
        Recording whole = whole(model, tokens);
        Session session = model.newSession(tokens.length);
        Recording chunks = new Recording(model, session);
        float[] last = new float[0];
        int[] ends = {2, 7, 9, tokens.length - 6, tokens.length};
        for (int from = 0, i = 0; i < ends.length; from = ends[i], i++) {
            last = feed(model, session, part(tokens, from, ends[i]));
            assertThat(session.position()).isEqualTo(ends[i]);
        }
        chunks.requireSameBits(whole, tokens.length);
        int d = model.config().dModel();
        float[] post = whole.at(HookPoint.residPost(model.config().nLayers() - 1));
        assertThat(last)
                .as("what forward returns")
                .isEqualTo(Arrays.copyOfRange(post, post.length - 6 * d, post.length));
    }

    @ParameterizedTest
    @MethodSource("names")
    void matricesStoredInputByInputGiveTheSameBitsTokenByToken(String name) {
        if (!name.startsWith("gpt2")) {
            return; // a single row against other matrices is summed in another order
        }
        Model model = TestModels.load(name, 1);
        int[] tokens = TestModels.tokens(name);
        Session session = model.newSession(tokens.length);
        Recording decoded = new Recording(model, session);
        for (int token : tokens) {
            feed(model, session, token);
        }
        decoded.requireSameBits(whole(model, tokens), tokens.length);
    }

    /// Prompts of unequal length, one that is still prefilled while others decode, one that joins
    /// late: no call has a single row, so every bit must be that of the sequence alone.
    @ParameterizedTest
    @MethodSource("names")
    void sessionsInOneBatchAreAsTheyAreAlone(String name) {
        for (int threads = 1; threads <= 2; threads++) {
            Model model = TestModels.load(name, threads);
            int[] tokens = TestModels.tokens(name);
            int n = tokens.length - 8;
            List<int[]> texts =
                    List.of(part(tokens, 0, n), part(tokens, 5, n + 5), part(tokens, 8, n + 8));
            List<Session> sessions = new ArrayList<>();
            List<Recording> together = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sessions.add(model.newSession(n + i));
                together.add(new Recording(model, sessions.get(i)));
            }
            int[][] fed = {{7, 2, 0}, {1, 9, 0}, {1, 1, 0}, {1, 1, 6}, {1, 0, 1}, {0, 1, 1}};
            int[] at = new int[3];
            for (int[] counts : fed) {
                step(model, sessions, texts, at, counts);
            }
            step(model, sessions, texts, at, new int[] {n - at[0], n - at[1], n - at[2]});
            for (int i = 0; i < 3; i++) {
                together.get(i).requireSameBits(whole(model, texts.get(i), n + i), n);
            }
        }
    }

    private static void step(
            Model model, List<Session> sessions, List<int[]> texts, int[] at, int[] counts) {
        Batch batch = new Batch();
        int rows = 0;
        for (int i = sessions.size() - 1; i >= 0; i--) {
            if (counts[i] > 0) {
                int[] next = part(texts.get(i), at[i], at[i] + counts[i]);
                assertThat(batch.add(sessions.get(i), next)).isEqualTo(rows);
                at[i] += counts[i];
                rows += counts[i];
            }
        }
        assertThat(batch.rows()).isEqualTo(rows);
        assertThat(model.forward(batch)).hasSize(rows * model.config().dModel());
    }

    @ParameterizedTest
    @MethodSource("names")
    void theStreamAddsUp(String name) {
        Model model = TestModels.load(name, 1);
        Recording seen = whole(model, TestModels.tokens(name));
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
            float[] pre = seen.at(HookPoint.residPre(layer));
            float[] post = seen.at(HookPoint.residPost(layer));
            Weights.Block block = model.weights().blocks().get(layer);
            boolean after = model.config().residual() == Residual.POST_NORM;
            float[] mid = sum(pre, seen.at(HookPoint.attnOut(layer)));
            mid = after ? normed(block.ln1(), mid) : mid;
            if (seen.has(HookPoint.residMid(layer))) {
                assertThat(seen.at(HookPoint.residMid(layer))).isEqualTo(mid);
            }
            float[] sum = sum(mid, seen.at(HookPoint.mlpOut(layer)));
            if (block.finish() == null) {
                assertThat(post).isEqualTo(after ? normed(block.ln2(), sum) : sum);
            }
            if (layer > 0) {
                assertThat(pre).isEqualTo(seen.at(HookPoint.residPost(layer - 1)));
            }
        }
    }

    private static float[] normed(NormWeights norm, float[] x) {
        float[] normed = new float[x.length];
        norm.apply(x, 0, x.length, normed, 0);
        return normed;
    }

    private static float[] sum(float[] a, float[] b) {
        float[] sum = new float[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("names")
    void sessionsInSeveralThreadsGiveTheSameBits(String name) throws Exception {
        Model model = TestModels.load(name, 2);
        int[] tokens = TestModels.tokens(name);
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            texts.add(part(tokens, i, tokens.length - 3 + i));
        }
        List<Recording> serial = new ArrayList<>();
        for (int[] text : texts) {
            serial.add(prefillAndDecode(model, text));
        }
        for (int repeat = 0; repeat < 3; repeat++) {
            List<Callable<Recording>> tasks = new ArrayList<>();
            texts.forEach(text -> tasks.add(() -> prefillAndDecode(model, text)));
            try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
                List<Future<Recording>> parallel = threads.invokeAll(tasks);
                for (int i = 0; i < texts.size(); i++) {
                    parallel.get(i).get().requireSameBits(serial.get(i), texts.get(i).length);
                }
            }
        }
    }

    private static Recording prefillAndDecode(Model model, int[] tokens) {
        Session session = model.newSession(tokens.length);
        Recording recording = new Recording(model, session);
        feed(model, session, part(tokens, 0, tokens.length - 4));
        for (int i = tokens.length - 4; i < tokens.length; i++) {
            feed(model, session, tokens[i]);
        }
        return recording;
    }
}
