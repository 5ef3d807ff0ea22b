package entropylens.model;

/// Keys and values of one session: per block `[kv head][position][d_head]`, so that the keys of one
/// head are neighbours. Allocated whole, so that a session which starts will not run out of memory
/// halfway.
final class KvCache {
    private final int capacity;
    private final int dHead;
    private final float[][] keys;
    private final float[][] values;

    KvCache(DecoderConfig config, int capacity) {
        this.capacity = capacity;
        this.dHead = config.attention().dHead();
        long perBlock = (long) config.attention().keyWidth() * capacity;
        if (perBlock > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(
                    "a KV cache of %,d positions needs %,d keys a block, more than one array holds; use a shorter context"
                            .formatted(capacity, perBlock));
        }
        keys = new float[config.nLayers()][(int) perBlock];
        values = new float[config.nLayers()][(int) perBlock];
    }

    int capacity() {
        return capacity;
    }

    float[] keys(int layer) {
        return keys[layer];
    }

    float[] values(int layer) {
        return values[layer];
    }

    /// Where position `position` of a key-value head starts.
    int offset(int kvHead, int position) {
        return (kvHead * capacity + position) * dHead;
    }

    /// Stores one row of keys and values, `[kv head][d_head]` each, at a position.
    void put(int layer, int position, int kvHeads, float[] k, float[] v, int from) {
        for (int head = 0; head < kvHeads; head++) {
            int at = offset(head, position);
            System.arraycopy(k, from + head * dHead, keys[layer], at, dHead);
            System.arraycopy(v, from + head * dHead, values[layer], at, dHead);
        }
    }
}
