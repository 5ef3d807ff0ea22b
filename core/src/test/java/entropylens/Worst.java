package entropylens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.function.Supplier;

/// The largest error seen of one quantity, and where it was seen.
public final class Worst {
    private final String what;
    private double error;
    private String where = "nowhere";

    public Worst(String what) {
        this.what = what;
    }

    /// Notes an error; one that is not a number counts as infinite.
    public void see(double seen, Supplier<String> place) {
        double magnitude = Double.isNaN(seen) ? Double.POSITIVE_INFINITY : Math.abs(seen);
        if (magnitude > error) {
            error = magnitude;
            where = place.get();
        }
    }

    /// Notes the difference of two numbers, relative to `scale`; equal numbers differ by 0,
    /// infinite ones too.
    public void see(double ours, double reference, double scale, Supplier<String> place) {
        if (ours != reference) {
            see((ours - reference) / scale, place);
        }
    }

    public void requireWithin(double bound) {
        System.out.printf(Locale.ROOT, "worst %-44s %.2e at %s%n", what, error, where);
        assertThat(error).as("%s, worst at %s", what, where).isLessThanOrEqualTo(bound);
    }
}
