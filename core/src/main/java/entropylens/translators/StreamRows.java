package entropylens.translators;

import entropylens.hook.HookPoint;
import entropylens.hook.Observer;
import entropylens.model.DecoderConfig;
import entropylens.model.RunListener;
import entropylens.model.Session;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Hands on the stream of texts while they run, forward pass by forward pass, in the order in which
/// texts were begun.
final class StreamRows implements RunListener {
    /// Rows of one forward pass.
    private static final int MAX_ROWS = 256;

    /// Bytes of rows that are held of one pass, where 16 rows fit them.
    static final long LIMIT = 64L << 20;

    private final int nLayers;
    private final int dModel;
    private final int skipped;
    private final Sink sink;
    private final Map<Integer, Held> held = new HashMap<>();

    /// Takes what one text showed in one pass.
    @FunctionalInterface
    interface Sink {
        /// @param layers `[layer][row × d_model]`, from the embedding to the last; longer where
        ///   room is left. Borrowed
        void add(float[][] layers, int count);
    }

    /// @param skipped first positions of a text that are left out
    StreamRows(DecoderConfig config, int skipped, Sink sink) {
        this.nLayers = config.nLayers();
        this.dModel = config.dModel();
        this.skipped = skipped;
        this.sink = sink;
    }

    /// Rows of one forward pass that [#LIMIT] has room for.
    static int maxRows(DecoderConfig config) {
        long perRow = 8L * config.dModel() * (config.nLayers() + 1);
        return (int) Math.clamp(LIMIT / 2 / perRow, 16, MAX_ROWS);
    }

    /// What one text showed in one pass.
    private final class Held {
        private final float[][] layers = new float[nLayers + 1][0];
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
            System.arraycopy(values, offset, layers[layer], at, dModel);
        }

        void add() {
            if (counts[nLayers] > 0) {
                sink.add(layers, counts[nLayers]);
                Arrays.fill(counts, 0);
            }
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
