package entropylens.kernels;

import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    /// @throws IllegalArgumentException when it is no such name, or no module here drives such a
    ///   device: NVIDIA GPUs need `entropy-lens-cuda`
    public static Device of(String name, Precision precision) {
        int colon = name.indexOf(':');
        String kind = colon < 0 ? name : name.substring(0, colon);
        String index = colon < 0 ? "0" : name.substring(colon + 1);
        boolean ofCpu = kind.equals("cpu");
        if (!index.matches("[0-9]{1,3}")
                || (ofCpu && colon >= 0)
                || !(ofCpu || kinds().contains(kind))) {
            throw new IllegalArgumentException(
                    "there is no device '%s'; there are %s".formatted(name, names()));
        }
        return new Device(kind, Integer.parseInt(index), precision);
    }

    /// `cpu, cuda, cuda:N`: what can be driven here, whether it is there or not.
    private static String names() {
        return Stream.concat(
                        Stream.of("cpu"),
                        kinds().stream().flatMap(kind -> Stream.of(kind, kind + ":N")))
                .collect(Collectors.joining(", "));
    }

    private static Set<String> kinds() {
        return providers().stream()
                .filter(provider -> !provider.isProcessor())
                .map(DeviceProvider::kind)
                .collect(Collectors.toSet());
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
                                "nothing here drives the device '%s'; there are %s"
                                        .formatted(kind, names())))
                .open(index, precision, pool);
    }

    /// Every kind of device that something here can drive, beside the processor.
    public static List<DeviceProvider> providers() {
        return ServiceLoader.load(DeviceProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
