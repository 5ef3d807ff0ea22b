package entropylens.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import entropylens.kernels.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// oneDNN: opened when it is asked for, and open then for as long as the JVM runs. Each of its
/// calls computes on the thread that makes it; sharing work among threads is ours.
final class OneDnn {
    /// Data types, as `dnnl_types.h` counts them.
    static final int BF16 = 2;

    static final int F32 = 3;

    private static final int VERSION = 3;
    private static final int OPEN_MP = 2;
    private static final int CPU = 1;
    private static final int ANY_LAYOUT = 1;
    private static final int SCRATCHPAD_OF_THE_USER = 1;

    /// Bits of `dnnl_cpu_isa_avx512_core_bf16`, which newer processors have too.
    private static final int AVX512_BF16 = 0xe7;

    private static @Nullable OneDnn opened;

    private final Functions functions;
    private final String version;
    private final MemorySegment engine;
    private final MemorySegment attributes;

    private OneDnn(Path file) {
        functions = new Functions(lookup(file), file.toString());
        version = requireVersion(file);
        requireBfloat16();
        engine = create(functions.engineCreate, CPU, 0L);
        attributes = create(functions.attrCreate);
        require((int) call(functions.attrSetScratchpadMode, attributes, SCRATCHPAD_OF_THE_USER));
    }

    /// @throws DeviceException when it is not there, cannot be opened, is another version, or the
    ///   processor does not multiply bfloat16
    static synchronized OneDnn open() {
        OneDnn here = opened;
        if (here == null) {
            requirePlatform();
            here = new OneDnn(LibraryFiles.library());
            opened = here;
        }
        return here;
    }

    private static void requirePlatform() {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!platform.equals("Linux amd64")) {
            throw new DeviceException(
                    "the backend onednn runs on Linux on x86-64, and this is %s"
                            .formatted(platform));
        }
    }

    private static SymbolLookup lookup(Path file) {
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new DeviceException(
                    "%s could not be opened (%s); it is no library of this system, or one that it needs is missing, as libgomp.so.1"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private String requireVersion(Path file) {
        MemorySegment found = ((MemorySegment) call(functions.version)).reinterpret(32);
        int major = found.get(JAVA_INT, 0);
        String text = "%d.%d.%d".formatted(major, found.get(JAVA_INT, 4), found.get(JAVA_INT, 8));
        if (major != VERSION || found.get(JAVA_INT, 24) != OPEN_MP) {
            throw new DeviceException(
                    "%s is oneDNN %s%s; what is needed is oneDNN %d, built with OpenMP: %s"
                            .formatted(
                                    file,
                                    text,
                                    major == VERSION ? ", without OpenMP" : "",
                                    VERSION,
                                    LibraryFiles.HOW_TO_GET));
        }
        return text;
    }

    private void requireBfloat16() {
        int isa = (int) call(functions.effectiveCpuIsa);
        if ((isa & AVX512_BF16) != AVX512_BF16) {
            throw new DeviceException(
                    "this processor does not multiply bfloat16 (AVX512-BF16: Zen 4, Cooper Lake, Sapphire Rapids and newer); the backend onednn would be slower than the backend vector (oneDNN sees instruction set 0x%x, and ONEDNN_MAX_CPU_ISA may have lowered it)"
                            .formatted(isa));
        }
    }

    Functions functions() {
        return functions;
    }

    /// As `3.11.0`.
    String version() {
        return version;
    }

    MemorySegment engine() {
        return engine;
    }

    /// Of primitives whose temporary memory the caller owns, so that any thread may execute them.
    MemorySegment attributes() {
        return attributes;
    }

    /// What this thread calls next is computed by it alone. oneDNN divides work when a primitive is
    /// made, and again when it is executed, by what the calling thread is told.
    void useOneThread() {
        try {
            functions.setThreads.invokeExact(1);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// A matrix in memory.
    MemorySegment matrix(int type, long rows, long columns, long rowStride, long columnStride) {
        try (Arena arena = Arena.ofConfined()) {
            return create(
                    functions.descWithStrides,
                    2,
                    arena.allocateFrom(JAVA_LONG, rows, columns),
                    type,
                    arena.allocateFrom(JAVA_LONG, rowStride, columnStride));
        }
    }

    /// A matrix whose layout the primitive chooses.
    MemorySegment matrixInAnyLayout(int type, long rows, long columns) {
        try (Arena arena = Arena.ofConfined()) {
            return create(
                    functions.descWithTag,
                    2,
                    arena.allocateFrom(JAVA_LONG, rows, columns),
                    type,
                    ANY_LAYOUT);
        }
    }

    /// Calls a function that writes the address of what it makes where its first argument points.
    MemorySegment create(MethodHandle function, Object... others) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(ADDRESS);
            Object[] arguments = new Object[others.length + 1];
            arguments[0] = made;
            System.arraycopy(others, 0, arguments, 1, others.length);
            require((int) call(function, arguments));
            return made.get(ADDRESS, 0);
        }
    }

    /// Calls a function in a way that costs a microsecond.
    Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// A native function throws nothing; what comes out is a mistake in how it is called.
    static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException("a call of oneDNN is wrong", e);
    }

    /// @param status that a function returned
    static void require(int status) {
        if (status != 0) {
            String what =
                    switch (status) {
                        case 1 -> "out of memory";
                        case 2 -> "arguments that it does not take";
                        case 3 -> "not implemented for this shape";
                        case 5 -> "failed while it computed";
                        default -> "status " + status;
                    };
            throw new DeviceException(
                    "oneDNN: %s; the backend vector does without it".formatted(what));
        }
    }
}
