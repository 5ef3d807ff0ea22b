package entropylens.bench;

import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.Precision;
import entropylens.kernels.WorkerPool;

/// No timing before agreement.
final class Agreement {
    /// Of logits, as a share of the largest: see the page on performance for what was seen.
    private static final double LOGIT = 1e-5;

    /// Of a statistic of a row, as a share of it.
    static final double STATISTIC = 1e-4;

    /// Where both sides of products are rounded to bfloat16. Worst seen: an entropy, 8.1e-3 nats; a
    /// translated row, 6.2e-3; a product, 5.9e-3. Doubled.
    private static final double ROUNDED = 1.7e-2;

    private Agreement() {}

    /// What a backend may differ by.
    ///
    /// @param ofFloat32 where it does not round
    static double bound(Backend backend, double ofFloat32) {
        return backend.precision() == Precision.FLOAT32 ? ofFloat32 : ROUNDED;
    }

    /// The specification, which gives the same on any number of threads.
    static Backend specification() {
        return new CpuBackend(
                Kernels.scalar(), new WorkerPool(Runtime.getRuntime().availableProcessors()));
    }

    /// Stops the benchmark where two results differ by more than `bound`.
    static void require(String what, float ours, float specified, double bound) {
        if (!(Math.abs(ours - specified) <= bound)) {
            throw new IllegalStateException(
                    "%s disagrees with the specification: %s instead of %s (bound %s)"
                            .formatted(what, ours, specified, bound));
        }
    }

    /// Logits, each within a share of the largest.
    static void require(String what, float[] ours, float[] specified) {
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < specified.length; i++) {
            largest = Math.max(largest, Math.abs(specified[i]));
            worst = Math.max(worst, Math.abs((double) ours[i] - specified[i]));
        }
        System.err.printf("  worst %s: %.1e of the largest%n", what, worst / largest);
        require(what + ", as a share of the largest", worst / largest, 0.0, LOGIT);
    }

    static void require(String what, double ours, double specified, double bound) {
        if (!(Math.abs(ours - specified) <= bound)) {
            throw new IllegalStateException(
                    "%s disagrees with the specification: %s instead of %s (bound %s)"
                            .formatted(what, ours, specified, bound));
        }
    }
}
