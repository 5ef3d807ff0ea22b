package entropylens.parity;

/// The largest deviation seen between our numbers and a reference.
final class Differences {
    private double largest;

    void add(float[] ours, int offset, float[] reference, int referenceOffset, int count) {
        for (int i = 0; i < count; i++) {
            add(ours[offset + i], reference[referenceOffset + i]);
        }
    }

    void add(double ours, double reference) {
        double difference = Math.abs(ours - reference);
        // a NaN must not pass for agreement
        largest =
                Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
    }

    double largest() {
        return largest;
    }
}
