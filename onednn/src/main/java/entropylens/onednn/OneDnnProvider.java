package entropylens.onednn;

import entropylens.kernels.Backend;
import entropylens.kernels.DeviceException;
import entropylens.kernels.DeviceProvider;
import entropylens.kernels.Precision;
import entropylens.kernels.WorkerPool;
import java.util.List;

/// The processor, with oneDNN's products, by the name `onednn`. Found by [java.util.ServiceLoader].
public final class OneDnnProvider implements DeviceProvider {
    @Override
    public String kind() {
        return "onednn";
    }

    @Override
    public boolean isProcessor() {
        return true;
    }

    /// @throws DeviceException when the library is not there or another version, the processor has
    ///   no bfloat16 products, or another precision is asked for
    @Override
    public Backend open(int index, Precision precision, WorkerPool pool) {
        if (precision != Precision.BFLOAT16) {
            throw new DeviceException(
                    "the backend onednn multiplies in bfloat16, not in %s; float32 is what the backend vector computes in"
                            .formatted(precision));
        }
        return new OneDnnBackend(OneDnn.open(), pool);
    }

    /// Where the library is; it is not loaded for that.
    @Override
    public List<String> found() {
        return List.of("onednn: " + LibraryFiles.found());
    }
}
