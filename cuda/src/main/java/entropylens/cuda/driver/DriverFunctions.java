package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.INT;
import static entropylens.cuda.driver.NativeLibrary.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// What is called of `libcuda`, the driver itself. Handles and addresses are longs; a `size_t` is a
/// long, an `unsigned int` an int.
///
/// The names that `cuda.h` maps to a later version of a function are bound as that version
/// (`cuMemAlloc` is `cuMemAlloc_v2`), which is the one that CUDA 12 and 13 have in common.
final class DriverFunctions {
    static final String FILE = "libcuda.so.1";

    final NativeFunction init;
    final NativeFunction driverGetVersion;
    final NativeFunction deviceGetCount;
    final NativeFunction deviceGet;
    final NativeFunction deviceGetName;
    final NativeFunction deviceGetAttribute;
    final NativeFunction deviceTotalMem;
    final NativeFunction primaryCtxRetain;
    final NativeFunction ctxSetCurrent;
    final NativeFunction memGetInfo;
    final NativeFunction memAlloc;
    final NativeFunction memFree;
    final NativeFunction memcpyHtoDAsync;
    final NativeFunction memcpyDtoHAsync;
    final NativeFunction memcpyDtoDAsync;
    final NativeFunction memsetD8Async;
    final NativeFunction memAllocHost;
    final NativeFunction memFreeHost;
    final NativeFunction streamCreate;
    final NativeFunction streamDestroy;
    final NativeFunction streamSynchronize;
    final NativeFunction streamWaitEvent;
    final NativeFunction eventCreate;
    final NativeFunction eventDestroy;
    final NativeFunction eventRecord;
    final NativeFunction eventSynchronize;
    final NativeFunction eventElapsedTime;
    final NativeFunction moduleLoadDataEx;
    final NativeFunction moduleUnload;
    final NativeFunction moduleGetFunction;
    final NativeFunction funcSetAttribute;
    final NativeFunction launchKernel;
    private final NativeFunction getErrorName;
    private final NativeFunction getErrorString;

    /// Since CUDA 12.4.
    final Optional<NativeFunction> funcGetParamInfo;

    private DriverFunctions(NativeLibrary cuda) {
        init = cuda.function("cuInit", INT);
        driverGetVersion = cuda.function("cuDriverGetVersion", LONG);
        deviceGetCount = cuda.function("cuDeviceGetCount", LONG);
        deviceGet = cuda.function("cuDeviceGet", LONG, INT);
        deviceGetName = cuda.function("cuDeviceGetName", LONG, INT, INT);
        deviceGetAttribute = cuda.function("cuDeviceGetAttribute", LONG, INT, INT);
        deviceTotalMem = cuda.function("cuDeviceTotalMem_v2", LONG, INT);
        primaryCtxRetain = cuda.function("cuDevicePrimaryCtxRetain", LONG, INT);
        ctxSetCurrent = cuda.function("cuCtxSetCurrent", LONG);
        memGetInfo = cuda.function("cuMemGetInfo_v2", LONG, LONG);
        memAlloc = cuda.function("cuMemAlloc_v2", LONG, LONG);
        memFree = cuda.function("cuMemFree_v2", LONG);
        memcpyHtoDAsync = cuda.function("cuMemcpyHtoDAsync_v2", LONG, LONG, LONG, LONG);
        memcpyDtoHAsync = cuda.function("cuMemcpyDtoHAsync_v2", LONG, LONG, LONG, LONG);
        memcpyDtoDAsync = cuda.function("cuMemcpyDtoDAsync_v2", LONG, LONG, LONG, LONG);
        memsetD8Async = cuda.function("cuMemsetD8Async", LONG, INT, LONG, LONG);
        memAllocHost = cuda.function("cuMemAllocHost_v2", LONG, LONG);
        memFreeHost = cuda.function("cuMemFreeHost", LONG);
        streamCreate = cuda.function("cuStreamCreate", LONG, INT);
        streamDestroy = cuda.function("cuStreamDestroy_v2", LONG);
        streamSynchronize = cuda.function("cuStreamSynchronize", LONG);
        streamWaitEvent = cuda.function("cuStreamWaitEvent", LONG, LONG, INT);
        eventCreate = cuda.function("cuEventCreate", LONG, INT);
        eventDestroy = cuda.function("cuEventDestroy_v2", LONG);
        eventRecord = cuda.function("cuEventRecord", LONG, LONG);
        eventSynchronize = cuda.function("cuEventSynchronize", LONG);
        eventElapsedTime = cuda.function("cuEventElapsedTime", LONG, LONG, LONG);
        moduleLoadDataEx = cuda.function("cuModuleLoadDataEx", LONG, LONG, INT, LONG, LONG);
        moduleUnload = cuda.function("cuModuleUnload", LONG);
        moduleGetFunction = cuda.function("cuModuleGetFunction", LONG, LONG, LONG);
        funcSetAttribute = cuda.function("cuFuncSetAttribute", LONG, INT, INT);
        launchKernel =
                cuda.function(
                        "cuLaunchKernel",
                        LONG,
                        INT,
                        INT,
                        INT,
                        INT,
                        INT,
                        INT,
                        INT,
                        LONG,
                        LONG,
                        LONG);
        getErrorName = cuda.function("cuGetErrorName", INT, LONG);
        getErrorString = cuda.function("cuGetErrorString", INT, LONG);
        funcGetParamInfo = cuda.optional("cuFuncGetParamInfo", LONG, LONG, LONG, LONG);
    }

    /// Opens the driver.
    ///
    /// @throws CudaException where this machine has none
    static DriverFunctions open(LibraryFinder finder) {
        return NativeLibrary.open(finder, List.of(FILE))
                .map(DriverFunctions::new)
                .orElseThrow(() ->
                        new CudaException(
                                CudaException.Kind.UNAVAILABLE,
                                "no %s was found, so there is no NVIDIA driver here; install the driver of your GPU (in a container, let it see the GPU), or run on the processor. Looked in: %s"
                                        .formatted(FILE, finder.places())));
    }

    /// `CUDA_ERROR_OUT_OF_MEMORY (2): out of memory`.
    String describe(int status) {
        return "%s (%d): %s"
                .formatted(text(getErrorName, status), status, text(getErrorString, status));
    }

    private static String text(NativeFunction function, int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(LONG);
            if (function.call(status, pointer.address()) != 0) {
                return "unknown error";
            }
            return NativeStrings.at(pointer.get(LONG, 0));
        }
    }
}
