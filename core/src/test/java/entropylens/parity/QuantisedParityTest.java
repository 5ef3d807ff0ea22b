package entropylens.parity;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.hook.HookPoint;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.LogitLens;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Unembed;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Session;
import entropylens.quantised.QuantisedGoldens;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Entropies of quantised checkpoints, of every layer and position, against transformers on the
/// dequantised weights in float32.
class QuantisedParityTest {
    /// Nats: worst seen 1.9e-6 (awq, token by token; 2 × 12 entropies of a vocabulary of 48);
    /// doubled.
    static final double ENTROPY_BOUND = 4e-6;

    private static final List<String> MODELS = QuantisedGoldens.MODELS;

    @ParameterizedTest
    @FieldSource("MODELS")
    void entropiesAgreeWithTransformersOnTheDequantisedWeights(String name) {
        Path directory = QuantisedGoldens.directory(name);
        float[] expected = QuantisedGoldens.expected(directory).floats("entropy");
        int[] ids = ConfigJson.read(directory.resolve("golden.json")).ints("input_ids");
        for (Kernels kernels : List.of(Kernels.scalar(), Kernels.best())) {
            Backend backend = new CpuBackend(kernels, new WorkerPool(2));
            LoadedModel loaded = LoadedModel.load(directory, Arena.ofShared(), backend);
            assertThat(loaded.quantisation()).isPresent();
            Differences whole = compare(loaded.model(), List.of(ids), expected);
            Differences decoded = compare(loaded.model(), oneByOne(ids), expected);
            System.out.printf(
                    "parity %-24s %-7s %.1e, token by token %.1e%n",
                    name, kernels.name().split(" ")[0], whole.largest(), decoded.largest());
            assertThat(whole.largest()).isLessThan(ENTROPY_BOUND);
            assertThat(decoded.largest()).isLessThan(ENTROPY_BOUND);
        }
    }

    private static List<int[]> oneByOne(int[] ids) {
        return java.util.Arrays.stream(ids).mapToObj(id -> new int[] {id}).toList();
    }

    private static Differences compare(Model model, List<int[]> pieces, float[] expected) {
        int n = pieces.stream().mapToInt(piece -> piece.length).sum();
        int d = model.config().dModel();
        int layers = model.config().nLayers();
        float[][] resid = new float[layers][n * d];
        Session session = model.newSession(n);
        for (int layer = 0; layer < layers; layer++) {
            float[] rows = resid[layer];
            session.observe(
                    HookPoint.residPost(layer),
                    (point, position, values, offset) ->
                            System.arraycopy(values, offset, rows, position * d, d));
        }
        for (int[] piece : pieces) {
            Batch batch = new Batch();
            batch.add(session, piece);
            model.forward(batch);
        }
        Differences differences = new Differences();
        LogitLens lens = new LogitLens(Unembed.of(model));
        for (int layer = 0; layer < layers; layer++) {
            double[] entropy = lens.read(resid[layer], n, ReadoutRequest.ENTROPY).entropy();
            for (int t = 0; t < n; t++) {
                differences.add(entropy[t], expected[layer * n + t]);
            }
        }
        assertThat(differences.count()).isEqualTo((long) layers * n);
        return differences;
    }
}
