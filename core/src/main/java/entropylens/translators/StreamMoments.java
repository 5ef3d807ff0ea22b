package entropylens.translators;

import entropylens.hook.HookPoint;
import entropylens.hook.Observer;
import entropylens.model.DecoderConfig;
import entropylens.model.RunListener;
import entropylens.model.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sums the stream of texts while they run, forward pass by forward pass.
final class StreamMoments implements RunListener {
    private final int nLayers;
    private final int dModel;
    private final int skipped;
    private final List<Moments> moments = new ArrayList<>();
    private final Map<Integer, Held> held = new HashMap<>();
    private long rows;

    /// @param skipped first positions of a text that are left out
    /// @param moments by layer, from the embedding to the last but one
    StreamMoments(DecoderConfig config, int skipped, List<Moments> moments) {
        this.nLayers = config.nLayers();
        this.dModel = config.dModel();
        this.skipped = skipped;
        this.moments.addAll(moments);
    }

    /// Rows that were summed.
    long rows() {
        return rows;
    }

    /// What one text showed in one pass, `[layer][row]`.
    private final class Held {
        private final double[][] layers = new double[nLayers + 1][0];
        private final int[] counts = new int[nLayers + 1];

        Observer keepAs(int layer) {
            return (_, position, values, offset) -> {
                if (position >= skipped) {
                    keep(layer, values, offset);
                }
            };
        }

        private void keep(int layer, float[] values, int offset) {
            int at = counts[layer]++ * dModel;
            if (at + dModel > layers[layer].length) {
                layers[layer] = Arrays.copyOf(layers[layer], Math.max(2 * at, at + dModel));
            }
            for (int i = 0; i < dModel; i++) {
                layers[layer][at + i] = values[offset + i];
            }
        }

        void add() {
            int count = counts[nLayers];
            for (int layer = 0; layer < nLayers; layer++) {
                moments.get(layer).add(layers[layer], layers[nLayers], count);
            }
            rows += count;
            Arrays.fill(counts, 0);
        }
    }

    @Override
    public void begin(int text, Session session) {
        Held all = new Held();
        session.observe(HookPoint.residPre(0), all.keepAs(0));
        for (int block = 0; block < nLayers; block++) {
            session.observe(HookPoint.residPost(block), all.keepAs(block + 1));
        }
        held.put(text, all);
    }

    @Override
    public void passed(int text, int[] ids, int known) {
        add(text);
    }

    @Override
    public void end(int text, int[] ids) {
        add(text);
        held.remove(text);
    }

    private void add(int text) {
        Held all = held.get(text);
        if (all != null) {
            all.add();
        }
    }
}
