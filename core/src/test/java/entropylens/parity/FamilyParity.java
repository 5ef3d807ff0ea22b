package entropylens.parity;

import entropylens.Goldens;
import entropylens.checkpoint.ConfigJson;
import entropylens.hook.HookPoint;
import entropylens.hook.HookPoint.Site;
import entropylens.kernels.Kernels;
import entropylens.lens.LogitLens;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Unembed;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Residual;
import entropylens.model.Session;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// How far one family is from transformers: the worst of its goldens, by the scalar and the vector
/// kernels.
final class FamilyParity {
    /// All hook points: resid_pre of block 0, and attn_out, resid_mid, mlp_out, resid_post of each.
    final Differences stream = new Differences();

    /// The lens after every block.
    final Differences logits = new Differences();

    /// In nats, of the same.
    final Differences entropy = new Differences();

    /// The stream, token by token through the KV cache, against one pass of our own.
    final Differences decode = new Differences();

    private final List<String> goldens;

    private FamilyParity(List<String> goldens) {
        this.goldens = goldens;
    }

    /// The goldens of each family.
    static Map<String, List<String>> families() {
        Map<String, List<String>> families = new TreeMap<>();
        for (String name : Goldens.NAMES) {
            String family =
                    ConfigJson.read(Goldens.directory(name).resolve("golden.json"))
                            .requireString("family");
            families.merge(
                    family,
                    List.of(name),
                    (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList());
        }
        return families;
    }

    static FamilyParity of(List<String> goldens) {
        FamilyParity parity = new FamilyParity(goldens);
        for (String name : goldens) {
            for (Kernels kernels : List.of(Kernels.scalar(), Kernels.best())) {
                parity.measure(new Golden(name, kernels));
            }
        }
        return parity;
    }

    List<String> goldens() {
        return goldens;
    }

    private void measure(Golden golden) {
        float[][] whole = stream(golden, List.of(golden.inputIds));
        int[][] pieces = new int[golden.inputIds.length - 4][];
        pieces[0] = Arrays.copyOf(golden.inputIds, 5);
        for (int i = 1; i < pieces.length; i++) {
            pieces[i] = new int[] {golden.inputIds[i + 4]};
        }
        float[][] decoded = stream(golden, List.of(pieces));
        float[] entropies = golden.expected.floats("entropy");
        int n = golden.inputIds.length;
        for (int layer = 0; layer < golden.layers(); layer++) {
            decode.add(decoded[layer], 0, whole[layer], 0, whole[layer].length);
            lens(
                    golden,
                    layer,
                    whole[layer],
                    Arrays.copyOfRange(entropies, layer * n, (layer + 1) * n));
        }
    }

    /// resid_post of every block; all hook points are compared on the way.
    private float[][] stream(Golden golden, List<int[]> pieces) {
        Model model = golden.loaded.model();
        Session session = model.newSession(golden.inputIds.length);
        int d = golden.dModel();
        float[][] resid = new float[golden.layers()][golden.inputIds.length * d];
        for (int layer = 0; layer < golden.layers(); layer++) {
            float[] rows = resid[layer];
            session.observe(
                    HookPoint.residPost(layer),
                    (point, position, values, offset) ->
                            System.arraycopy(values, offset, rows, position * d, d));
            if (pieces.size() == 1) {
                compare(golden, session, layer);
            }
        }
        for (int[] piece : pieces) {
            Batch batch = new Batch();
            batch.add(session, piece);
            model.forward(batch);
        }
        return resid;
    }

    private void compare(Golden golden, Session session, int layer) {
        int d = golden.dModel();
        Residual residual = golden.loaded.model().config().residual();
        for (Site site : Site.values()) {
            boolean seenBefore = site == Site.RESID_PRE && layer > 0;
            boolean missing = site == Site.RESID_MID && !residual.hasMid();
            if (seenBefore || missing || site.isOfRouter()) {
                continue;
            }
            String name = site.name().toLowerCase(Locale.ROOT) + "." + layer;
            float[] reference = golden.expected.floats(name);
            session.observe(
                    new HookPoint(site, layer),
                    (point, position, values, offset) ->
                            stream.add(values, offset, reference, position * d, d));
        }
    }

    private void lens(Golden golden, int layer, float[] resid, float[] entropies) {
        Unembed unembed = Unembed.of(golden.loaded.model());
        int n = golden.inputIds.length;
        float[] ours = unembed.logits(resid, n);
        logits.add(ours, 0, golden.expected.floats("lens_logits." + layer), 0, ours.length);
        double[] read = new LogitLens(unembed).read(resid, n, ReadoutRequest.ENTROPY).entropy();
        for (int t = 0; t < n; t++) {
            entropy.add(read[t], entropies[t]);
        }
    }
}
