package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.INT;
import static entropylens.cuda.driver.NativeLibrary.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A GPU, as the driver describes it; nothing of it is in use.
///
/// @param ordinal its number: the N of `cuda:N`
/// @param name in the words of the driver
/// @param major of the compute capability
/// @param minor of the compute capability
/// @param totalBytes of memory
/// @param driverVersion the newest CUDA that the driver speaks, as it says it: 13000 is 13.0
public record GpuDescription(
        int ordinal, String name, int major, int minor, long totalBytes, int driverVersion) {
    /// Volta: the first with the tensor cores and shuffles that kernels count on.
    private static final int OLDEST_MAJOR = 7;

    /// CUDA 12.0, which came with driver 525.
    private static final int OLDEST_DRIVER = 12000;

    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int NO_DEVICE = 100;
    private static final int LONGEST_NAME = 256;

    /// What is said where the driver sees no GPU.
    public static final String NO_GPU =
            "the NVIDIA driver is there, but it shows no GPU; 'nvidia-smi' should list one, and CUDA_VISIBLE_DEVICES must not hide it";

    /// All GPUs of this machine; none where the driver sees none.
    ///
    /// @throws CudaException where there is no driver, or it cannot be used
    public static List<GpuDescription> all() {
        return all(initialised(LibraryFinder.ofMachine()));
    }

    static DriverFunctions initialised(LibraryFinder finder) {
        DriverFunctions functions = DriverFunctions.open(finder);
        int status = functions.init.call(0);
        if (status != 0 && status != NO_DEVICE) {
            throw new CudaException(
                    CudaException.Kind.UNAVAILABLE,
                    "the NVIDIA driver does not start: cuInit gives %s; 'nvidia-smi' tells more"
                            .formatted(functions.describe(status)));
        }
        return functions;
    }

    static List<GpuDescription> all(DriverFunctions functions) {
        List<GpuDescription> all = new ArrayList<>();
        int version = number(functions, functions.driverGetVersion);
        int count = number(functions, functions.deviceGetCount);
        for (int ordinal = 0; ordinal < count; ordinal++) {
            all.add(describe(functions, ordinal, version));
        }
        return all;
    }

    private static GpuDescription describe(
            DriverFunctions functions, int ordinal, int driverVersion) {
        int device = handle(functions, ordinal);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(LONGEST_NAME);
            check(
                    functions,
                    functions.deviceGetName,
                    functions.deviceGetName.call(name.address(), LONGEST_NAME, device));
            MemorySegment bytes = arena.allocate(LONG);
            check(
                    functions,
                    functions.deviceTotalMem,
                    functions.deviceTotalMem.call(bytes.address(), device));
            return new GpuDescription(
                    ordinal,
                    name.getString(0),
                    attribute(functions, device, CAPABILITY_MAJOR),
                    attribute(functions, device, CAPABILITY_MINOR),
                    bytes.get(LONG, 0),
                    driverVersion);
        }
    }

    static int handle(DriverFunctions functions, int ordinal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment device = arena.allocate(INT);
            check(
                    functions,
                    functions.deviceGet,
                    functions.deviceGet.call(device.address(), ordinal));
            return device.get(INT, 0);
        }
    }

    static int attribute(DriverFunctions functions, int device, int attribute) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(INT);
            check(
                    functions,
                    functions.deviceGetAttribute,
                    functions.deviceGetAttribute.call(value.address(), attribute, device));
            return value.get(INT, 0);
        }
    }

    private static int number(DriverFunctions functions, NativeFunction function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(INT);
            int status = function.call(value.address());
            if (function == functions.deviceGetCount && status != 0) {
                return 0; // cuInit found no device
            }
            check(functions, function, status);
            return value.get(INT, 0);
        }
    }

    private static void check(DriverFunctions functions, NativeFunction function, int status) {
        if (status != 0) {
            throw new CudaException(
                    CudaException.Kind.UNAVAILABLE,
                    "%s gives %s".formatted(function.name(), functions.describe(status)));
        }
    }

    /// What kernels are compiled for.
    public String architecture() {
        return "sm_%d%d".formatted(major, minor);
    }

    /// Refuses a GPU or a driver that is too old.
    void requireUsable() {
        if (driverVersion < OLDEST_DRIVER) {
            throw new CudaException(
                    CudaException.Kind.UNAVAILABLE,
                    "the NVIDIA driver speaks CUDA %s, and 12.0 or newer is needed; install driver 525 or newer"
                            .formatted(version(driverVersion)));
        }
        if (major < OLDEST_MAJOR) {
            throw new CudaException(
                    CudaException.Kind.UNAVAILABLE,
                    "cuda:%d (%s) has compute capability %d.%d, and 7.0 or newer is needed (Volta, 2017)"
                            .formatted(ordinal, name, major, minor));
        }
    }

    /// `13.0` of 13000.
    static String version(int version) {
        return "%d.%d".formatted(version / 1000, version % 1000 / 10);
    }

    static String listed(List<GpuDescription> all) {
        return all.stream().map(GpuDescription::toString).collect(Collectors.joining("; "));
    }

    /// `cuda:0, NVIDIA H100 80GB HBM3, sm_90, 79.2 GiB, driver for CUDA 13.0`.
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "cuda:%d, %s, %s, %.1f GiB, driver for CUDA %s",
                ordinal,
                name,
                architecture(),
                totalBytes / (double) (1L << 30),
                version(driverVersion));
    }
}
