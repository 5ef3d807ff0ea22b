package entropylens.model;

/// Keys `[kv head][position][d_head]` and values `[kv head][position][width of a value]` of one
/// block of one session, so that the keys of one head are neighbours. Allocated whole, so that a
/// session which starts will not run out of memory halfway.
final class KvCache implements MixerState {
    private final AttentionShape shape;
    private final int capacity;
    private final float[] keys;
    private final float[] values;

    KvCache(AttentionShape shape, int capacity) {
        this.shape = shape;
        this.capacity = capacity;
        keys = new float[elements(shape.keyWidth(), capacity)];
        values = new float[elements(shape.valueWidth(), capacity)];
    }

    private static int elements(int width, int capacity) {
        long elements = (long) width * capacity;
        if (elements > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(
                    "a KV cache of %,d positions needs %,d keys a block, more than one array holds; use a shorter context"
                            .formatted(capacity, elements));
        }
        return (int) elements;
    }

    float[] keys() {
        return keys;
    }

    float[] values() {
        return values;
    }

    /// Where the key of a key-value head at a position starts.
    int keyAt(int kvHead, int position) {
        return (kvHead * capacity + position) * shape.dHead();
    }

    /// Where the value of a key-value head at a position starts.
    int valueAt(int kvHead, int position) {
        return (kvHead * capacity + position) * shape.dValue();
    }

    /// Stores one row of keys and values at a position: row `row` of `k` and `v`, `[rows][kv
    /// head][width]` each.
    void put(int position, float[] k, float[] v, int row) {
        int dHead = shape.dHead();
        int dValue = shape.dValue();
        for (int head = 0; head < shape.nKvHeads(); head++) {
            int at = row * shape.nKvHeads() + head;
            System.arraycopy(k, at * dHead, keys, keyAt(head, position), dHead);
            System.arraycopy(v, at * dValue, values, valueAt(head, position), dValue);
        }
    }

    @Override
    public boolean knowsEarlierPositions() {
        return true;
    }

    @Override
    public void copy(MixerState other, int positions) {
        KvCache from = (KvCache) other;
        for (int head = 0; head < shape.nKvHeads(); head++) {
            System.arraycopy(
                    from.keys,
                    from.keyAt(head, 0),
                    keys,
                    keyAt(head, 0),
                    positions * shape.dHead());
            System.arraycopy(
                    from.values,
                    from.valueAt(head, 0),
                    values,
                    valueAt(head, 0),
                    positions * shape.dValue());
        }
    }
}
