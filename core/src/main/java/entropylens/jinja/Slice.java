package entropylens.jinja;

import java.util.stream.IntStream;

/// Which places Python's `[from:to:step]` takes.
final class Slice {
    private Slice() {}

    /// @param from an integer or `None`, as are the others
    static int[] places(int length, Object from, Object to, Object step) {
        int stride = step == None.NONE ? 1 : Values.index(step, "the step of a slice");
        if (stride == 0) {
            throw new Fault("the step of a slice cannot be zero");
        }
        int first = stride > 0 ? 0 : -1;
        int last = stride > 0 ? length : length - 1;
        int begin = place(from, stride > 0 ? first : last, length, first, last);
        int end = place(to, stride > 0 ? last : first, length, first, last);
        return IntStream.iterate(
                        begin,
                        at -> stride > 0 ? at < end : at > end,
                        at -> (int) Math.clamp((long) at + stride, -2, Integer.MAX_VALUE))
                .toArray();
    }

    private static int place(Object bound, int otherwise, int length, int first, int last) {
        if (bound == None.NONE) {
            return otherwise;
        }
        long place = Values.index(bound, "a slice");
        return (int) Math.clamp(place < 0 ? place + length : place, first, last);
    }
}
