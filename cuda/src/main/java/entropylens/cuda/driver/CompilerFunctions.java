package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.INT;
import static entropylens.cuda.driver.NativeLibrary.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// What is called of `libnvrtc`, NVIDIA's compiler of kernels at run time.
final class CompilerFunctions {
    final NativeFunction createProgram;
    final NativeFunction destroyProgram;
    final NativeFunction compileProgram;
    final NativeFunction getCubinSize;
    final NativeFunction getCubin;
    final NativeFunction getLogSize;
    final NativeFunction getLog;

    /// Such as `13.0`.
    final String version;

    /// Major version: the X of CUDA X.
    final int major;

    private final String file;

    private CompilerFunctions(NativeLibrary nvrtc) {
        createProgram = nvrtc.function("nvrtcCreateProgram", LONG, LONG, LONG, INT, LONG, LONG);
        destroyProgram = nvrtc.function("nvrtcDestroyProgram", LONG);
        compileProgram = nvrtc.function("nvrtcCompileProgram", LONG, INT, LONG);
        getCubinSize = nvrtc.function("nvrtcGetCUBINSize", LONG, LONG);
        getCubin = nvrtc.function("nvrtcGetCUBIN", LONG, LONG);
        getLogSize = nvrtc.function("nvrtcGetProgramLogSize", LONG, LONG);
        getLog = nvrtc.function("nvrtcGetProgramLog", LONG, LONG);
        int[] numbers = version(nvrtc.function("nvrtcVersion", LONG, LONG));
        major = numbers[0];
        version = numbers[0] + "." + numbers[1];
        file = nvrtc.file();
    }

    private static int[] version(NativeFunction version) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, 2);
            int status = version.call(numbers.address(), numbers.address() + Integer.BYTES);
            return status == 0 ? numbers.toArray(ValueLayout.JAVA_INT) : new int[2];
        }
    }

    /// Opens the newest that the driver can load the cubins of.
    ///
    /// @param driverVersion the newest CUDA that the driver speaks: 13000 is 13.0
    /// @throws CudaException where there is none
    static CompilerFunctions open(LibraryFinder finder, int driverVersion) {
        CompilerFunctions functions =
                NativeLibrary.open(finder, names("libnvrtc.so", driverVersion))
                        .map(CompilerFunctions::new)
                        .orElseThrow(() ->
                                missing("libnvrtc", "nvidia-cuda-nvrtc", driverVersion, finder));
        if (functions.major > driverVersion / 1000) {
            throw new CudaException(
                    CudaException.Kind.UNAVAILABLE,
                    "%s is of CUDA %d, but the NVIDIA driver speaks CUDA %s; install a newer driver, or libnvrtc of CUDA %d"
                            .formatted(
                                    functions.file,
                                    functions.major,
                                    GpuDescription.version(driverVersion),
                                    driverVersion / 1000));
        }
        return functions;
    }

    /// Names of a library, the version of the driver first, then older ones, down to CUDA 12.
    static List<String> names(String library, int driverVersion) {
        List<String> names = new ArrayList<>();
        for (int version = driverVersion / 1000; version >= 12; version--) {
            names.add(library + "." + version);
        }
        names.add(library);
        return names;
    }

    /// A library that is to be installed.
    static CudaException missing(
            String library, String wheel, int driverVersion, LibraryFinder finder) {
        int version = driverVersion / 1000;
        String packages = version >= 13 ? wheel : wheel + "-cu" + version;
        return new CudaException(
                CudaException.Kind.UNAVAILABLE,
                "%s of CUDA %d was not found; 'pip install %s' brings it, or the CUDA toolkit, or PyTorch with CUDA. Where it lies elsewhere, name its folder in LD_LIBRARY_PATH. Looked in: %s"
                        .formatted(library, version, packages, finder.places()));
    }
}
