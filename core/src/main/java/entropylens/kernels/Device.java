package entropylens.kernels;

import java.util.List;
import java.util.ServiceLoader;

/// What a model is to run on.
///
/// @param kind `cpu`, or that of a [DeviceProvider]
/// @param index among the devices of its kind, from 0
public record Device(String kind, int index, Precision precision) {
    /// The processor that Java runs on.
    public static final Device CPU = new Device("cpu", 0, Precision.FLOAT32);

    public Device {
        if (kind.equals("cpu") && precision != Precision.FLOAT32) {
            throw new IllegalArgumentException(
                    "the processor computes in float32; %s needs a device".formatted(precision));
        }
    }

    /// A device by the name that people give it.
    ///
    /// @param name `cpu`, `cuda` or `cuda:1`
    /// @throws IllegalArgumentException when it is no such name
    public static Device of(String name, Precision precision) {
        int colon = name.indexOf(':');
        String kind = colon < 0 ? name : name.substring(0, colon);
        String index = colon < 0 ? "0" : name.substring(colon + 1);
        if (!kind.matches("[a-z]+")
                || !index.matches("[0-9]{1,3}")
                || (kind.equals("cpu") && colon >= 0)) {
            throw new IllegalArgumentException(
                    "a device is cpu, cuda or cuda:1, not '%s'".formatted(name));
        }
        return new Device(kind, Integer.parseInt(index), precision);
    }

    /// Opens it.
    ///
    /// @param pool the threads of the processor
    /// @throws DeviceException when it is not there, or cannot be used
    public Backend open(WorkerPool pool) {
        if (kind.equals("cpu")) {
            return Backend.cpu(pool);
        }
        return providers().stream()
                .filter(provider -> provider.kind().equals(kind))
                .findFirst()
                .orElseThrow(() ->
                        new DeviceException(
                                "nothing here drives the device '%s': its module is not on the class path"
                                        .formatted(kind)))
                .open(index, precision, pool);
    }

    /// Every kind of device that something here can drive, beside the processor.
    public static List<DeviceProvider> providers() {
        return ServiceLoader.load(DeviceProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
