package entropylens.parity;

/// The largest deviation seen between our numbers and a reference.
final class Differences {
    private double largest;
    private double reference;
    private long count;

    void add(float[] ours, int offset, float[] reference, int referenceOffset, int count) {
        for (int i = 0; i < count; i++) {
            add(ours[offset + i], reference[referenceOffset + i]);
        }
    }

    void add(double ours, double expected) {
        double difference = Math.abs(ours - expected);
        // a NaN must not pass for agreement
        largest =
                Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        reference = Math.max(reference, Math.abs(expected));
        count++;
    }

    double largest() {
        return largest;
    }

    /// The largest deviation as a share of the largest reference.
    double relative() {
        return largest / reference;
    }

    long count() {
        return count;
    }
}
