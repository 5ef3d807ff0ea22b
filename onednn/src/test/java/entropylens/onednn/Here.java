package entropylens.onednn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import entropylens.kernels.Backend;
import entropylens.kernels.Device;
import entropylens.kernels.DeviceException;
import entropylens.kernels.Precision;
import entropylens.kernels.WorkerPool;

/// The backend, where this machine has what it needs; elsewhere tests are skipped, and say why.
final class Here {
    private Here() {}

    static Backend backend(WorkerPool pool) {
        try {
            return new Device("onednn", 0, Precision.BFLOAT16).open(pool);
        } catch (DeviceException e) {
            assumeTrue(false, "not tested here: " + e.getMessage());
            throw e;
        }
    }
}
