package entropylens.model;

import entropylens.hook.Observer;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// Rows that are kept on the heap.
public final class HostRows implements KeptRows {
    private final int width;
    private final int together;
    private final int limit;
    private float[] rows;

    /// @param width of a row
    /// @param together rows that are made room for at once
    /// @param limit of rows, up to which the room for them is doubled when it is full
    HostRows(int width, int together, int limit) {
        this.width = width;
        this.together = together;
        this.limit = limit;
        this.rows = new float[0];
    }

    private HostRows(float[] rows) {
        this(1, 1, rows.length);
        this.rows = rows;
    }

    /// Rows that are there already.
    public static HostRows of(float[] rows) {
        return new HostRows(rows);
    }

    Observer keepAs(IntUnaryOperator slotOf) {
        return (_, position, values, offset) -> {
            int slot = slotOf.applyAsInt(position);
            if (slot >= 0) {
                keep(slot, values, offset);
            }
        };
    }

    private void keep(int slot, float[] values, int offset) {
        int needed = (slot / together + 1) * together * width;
        if (needed > rows.length) {
            rows = Arrays.copyOf(rows, Math.max(needed, Math.min(2 * rows.length, limit * width)));
        }
        System.arraycopy(values, offset, rows, slot * width, width);
    }

    /// The rows themselves, and perhaps room for more.
    @Override
    public float[] floats(int count) {
        return rows;
    }

    @Override
    public void close() {
        rows = new float[0];
    }
}
