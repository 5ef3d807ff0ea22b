package entropylens.jinja;

import java.util.AbstractList;
import java.util.Objects;

/// Python's range; as a list, its elements.
final class Range extends AbstractList<Object> {
    /// Of Jinja2's sandbox (`MAX_RANGE`).
    private static final long MAX_LENGTH = 100_000;

    private final long start;
    private final long stop;
    private final long step;
    private final int size;

    Range(long start, long stop, long step) {
        if (step == 0) {
            throw new Fault("range() arg 3 must not be zero");
        }
        this.start = start;
        this.stop = stop;
        this.step = step;
        this.size = size(start, stop, step);
    }

    private static int size(long start, long stop, long step) {
        long distance = Operators.exact(() -> Math.subtractExact(stop, start));
        if (distance == 0 || distance < 0 != step < 0) {
            return 0;
        }
        long size = (Math.abs(distance) - 1) / Math.abs(step) + 1;
        if (size > MAX_LENGTH) {
            throw new Fault(
                    "range() of %d elements, more than the %d of a sandboxed template"
                            .formatted(size, MAX_LENGTH));
        }
        return (int) size;
    }

    @Override
    public Object get(int index) {
        Objects.checkIndex(index, size);
        return start + index * step;
    }

    @Override
    public int size() {
        return size;
    }

    String repr() {
        return step == 1
                ? "range(%d, %d)".formatted(start, stop)
                : "range(%d, %d, %d)".formatted(start, stop, step);
    }
}
