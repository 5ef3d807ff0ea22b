package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The primary context of one GPU, and how its calls fail.
///
/// The context is kept for as long as the process runs, since NVIDIA's own libraries do not survive
/// its end; what was opened in it is given back when the GPU is closed.
///
/// A context is current per thread, so every call binds it first. After an error that destroys the
/// context no call reaches the library any more: each fails with what happened first.
final class Driver {
    private static final int OUT_OF_MEMORY = 2;

    /// Statuses after which a context is of no use: the device is gone, its memory is damaged, or a
    /// kernel did what it must not (`cuda.h`, "the context cannot be used").
    private static final Set<Integer> STICKY =
            Set.of(
                    4, 46, 214, 219, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721,
                    999);

    private static final ThreadLocal<@Nullable Driver> CURRENT = new ThreadLocal<>();

    /// Primary contexts by device.
    private static final Map<Integer, Long> CONTEXTS = new HashMap<>();

    private final DriverFunctions functions;
    private final LibraryFinder finder;
    private final int driverVersion;
    private final long context;
    private volatile @Nullable CudaException lost;
    private volatile boolean released;

    /// What is open, and how it is given back.
    private final Map<Long, NativeFunction> open = new ConcurrentHashMap<>();

    /// Takes the primary context of a device.
    Driver(DriverFunctions functions, LibraryFinder finder, int device, int driverVersion) {
        this.functions = functions;
        this.finder = finder;
        this.driverVersion = driverVersion;
        synchronized (CONTEXTS) {
            Long there = CONTEXTS.get(device);
            context = there != null ? there : retained(device);
            CONTEXTS.put(device, context);
        }
    }

    private long retained(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(LONG);
            check(
                    functions.primaryCtxRetain,
                    functions.primaryCtxRetain.call(out.address(), device));
            return out.get(LONG, 0);
        }
    }

    DriverFunctions functions() {
        return functions;
    }

    LibraryFinder finder() {
        return finder;
    }

    int driverVersion() {
        return driverVersion;
    }

    /// Makes the context current in this thread. To be called before any other call.
    ///
    /// @throws CudaException when it is lost
    void bind() {
        CudaException earlier = lost;
        if (earlier != null) {
            throw new CudaException(
                    CudaException.Kind.LOST,
                    "the GPU was lost before: " + earlier.getMessage(),
                    earlier);
        }
        if (released) {
            throw new IllegalStateException("the GPU is closed");
        }
        if (CURRENT.get() != this) {
            check(functions.ctxSetCurrent, functions.ctxSetCurrent.call(context));
            CURRENT.set(this);
        }
    }

    /// @throws CudaException when a call failed
    void check(NativeFunction function, int status) {
        if (status != 0) {
            throw failure(function, status, "");
        }
    }

    /// What a status other than 0 means.
    ///
    /// @param what the call was for, or nothing
    CudaException failure(NativeFunction function, int status, String what) {
        String said =
                "%s%s gives %s"
                        .formatted(
                                what.isEmpty() ? "" : what + ": ",
                                function.name(),
                                functions.describe(status));
        if (STICKY.contains(status)) {
            CudaException failure =
                    new CudaException(
                            CudaException.Kind.LOST,
                            said
                                    + "; the GPU cannot be used any more in this process, results that were written are kept: start again ('nvidia-smi' and the kernel's log tell whether the device itself is well)");
            if (lost == null) {
                lost = failure;
            }
            return failure;
        }
        return new CudaException(
                status == OUT_OF_MEMORY
                        ? CudaException.Kind.OUT_OF_MEMORY
                        : CudaException.Kind.FAILED,
                said);
    }

    /// As [#failure], of an allocation.
    CudaException allocationFailure(NativeFunction function, int status, long bytes, String what) {
        if (status != OUT_OF_MEMORY) {
            return failure(function, status, what);
        }
        return new CudaException(
                CudaException.Kind.OUT_OF_MEMORY,
                "%s needs %s of GPU memory, and %s are free; run fewer or shorter texts together, or take a GPU with more memory"
                        .formatted(what, bytes(bytes), bytes(freeBytes())));
    }

    /// Bytes in words.
    static String bytes(long bytes) {
        return bytes < 10L << 20
                ? String.format(Locale.ROOT, "%,d bytes", bytes)
                : String.format(Locale.ROOT, "%,.2f GiB", bytes / (double) (1L << 30));
    }

    long freeBytes() {
        bind();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(LONG);
            MemorySegment total = arena.allocate(LONG);
            check(functions.memGetInfo, functions.memGetInfo.call(free.address(), total.address()));
            return free.get(LONG, 0);
        }
    }

    boolean isReleased() {
        return released;
    }

    /// Whether calls can still succeed; what closes things asks this first.
    boolean isAlive() {
        return !released && lost == null;
    }

    /// Keeps in mind what is to be given back at the end, if not before.
    void opened(long handle, NativeFunction giveBack) {
        open.put(handle, giveBack);
    }

    /// Gives back a piece, unless all was given back.
    void close(long handle) {
        NativeFunction giveBack = open.remove(handle);
        if (giveBack != null && isAlive()) {
            bind();
            int ignored = giveBack.call(handle);
        }
    }

    /// Gives back what is still open.
    void release() {
        if (!released) {
            open.keySet().forEach(this::close);
            released = true;
            CURRENT.remove();
        }
    }

    /// A native integer, handle, address or size that a call writes through its first argument.
    long longOf(NativeFunction function, Object... rest) {
        bind();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(LONG);
            check(function, function.call(prepend(out.address(), rest)));
            return out.get(LONG, 0);
        }
    }

    private static Object[] prepend(long address, Object... rest) {
        Object[] all = new Object[rest.length + 1];
        all[0] = address;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }
}
