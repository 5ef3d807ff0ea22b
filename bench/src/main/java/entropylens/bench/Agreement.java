package entropylens.bench;

import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;

/// No timing before agreement.
final class Agreement {
    private Agreement() {}

    /// The specification, on one thread.
    static Backend specification() {
        return new CpuBackend(Kernels.scalar(), new WorkerPool(1));
    }

    /// Stops the benchmark where two results differ by more than `bound`.
    static void require(String what, float ours, float specified, double bound) {
        if (!(Math.abs(ours - specified) <= bound)) {
            throw new IllegalStateException(
                    "%s disagrees with the specification: %s instead of %s (bound %s)"
                            .formatted(what, ours, specified, bound));
        }
    }

    static void require(String what, double ours, double specified, double bound) {
        if (!(Math.abs(ours - specified) <= bound)) {
            throw new IllegalStateException(
                    "%s disagrees with the specification: %s instead of %s (bound %s)"
                            .formatted(what, ours, specified, bound));
        }
    }
}
