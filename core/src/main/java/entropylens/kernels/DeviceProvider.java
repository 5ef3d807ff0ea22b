package entropylens.kernels;

import java.util.List;

/// Makes backends of one kind of device. Found by [java.util.ServiceLoader] when such a device is
/// asked for; until then nothing of it is loaded.
public interface DeviceProvider {
    /// The kind: `cuda`.
    String kind();

    /// Whether it is the processor after all, with products of another library: then it is asked
    /// for as a backend, and not by the name of a device.
    default boolean isProcessor() {
        return false;
    }

    /// Opens a device for one model. The backend gives its memory back when it is closed.
    ///
    /// @param index of the device, from 0
    /// @param pool what the processor's share is computed by
    /// @throws DeviceException when there is none, or it cannot be used
    Backend open(int index, Precision precision, WorkerPool pool);

    /// What is there, a line for each device, for people; or why nothing can be used.
    List<String> found();
}
