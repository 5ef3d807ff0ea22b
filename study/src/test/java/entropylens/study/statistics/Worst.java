package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;

/// The largest difference seen between ours and a reference, relative where the reference is above
/// 1.
final class Worst {
    private final String what;
    private double error;
    private int compared;

    Worst(String what) {
        this.what = what;
    }

    void see(double ours, double reference) {
        see(ours, reference, Math.max(1, Math.abs(reference)));
    }

    /// A difference relative to the reference, however small that is: for p-values.
    void seeRelative(double ours, double reference) {
        see(ours, reference, reference == 0 ? 1 : Math.abs(reference));
    }

    private void see(double ours, double reference, double scale) {
        double difference = Math.abs(ours - reference) / scale;
        error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(error, difference);
        compared++;
    }

    void see(double[] ours, double[] reference) {
        assertThat(ours).as(what).hasSameSizeAs(reference);
        for (int i = 0; i < ours.length; i++) {
            see(ours[i], reference[i]);
        }
    }

    void see(double[][] ours, double[][] reference) {
        assertThat(ours.length).as(what).isEqualTo(reference.length);
        for (int i = 0; i < ours.length; i++) {
            see(ours[i], reference[i]);
        }
    }

    void requireWithin(double bound) {
        System.out.printf(Locale.ROOT, "worst %-40s %.2e of %d%n", what, error, compared);
        assertThat(compared).as("%s: numbers compared", what).isPositive();
        assertThat(error).as(what).isLessThanOrEqualTo(bound);
    }
}
