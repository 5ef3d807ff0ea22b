package entropylens.hook;

import java.util.Arrays;

/// A row that takes the place of the one that is computed: activation patching. What follows is
/// computed from it.
public final class Patch {
    private final HookPoint point;
    private final int position;
    private final float[] row;

    /// @param point where; not a router's
    /// @param position in the text, from 0
    /// @param row `d_model` floats
    public Patch(HookPoint point, int position, float[] row) {
        if (point.site().isOfRouter()) {
            throw new IllegalArgumentException(
                    "no patch at %s; rows of the stream, and what is added to it, can be patched"
                            .formatted(point));
        }
        if (position < 0) {
            throw new IllegalArgumentException("a patch at position " + position);
        }
        this.point = point;
        this.position = position;
        this.row = row.clone();
    }

    public HookPoint point() {
        return point;
    }

    public int position() {
        return position;
    }

    /// Its floats.
    public int width() {
        return row.length;
    }

    /// Writes the row.
    public void copyTo(float[] values, int offset) {
        System.arraycopy(row, 0, values, offset, row.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Patch patch
                && point.equals(patch.point)
                && position == patch.position
                && Arrays.equals(row, patch.row);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * point.hashCode() + position) + Arrays.hashCode(row);
    }

    @Override
    public String toString() {
        return point + " at position " + position;
    }
}
