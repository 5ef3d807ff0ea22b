package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A function that runs on the device, in blocks of threads. A launch only queues it.
public final class Kernel {
    private static final int MAX_DYNAMIC_SHARED_BYTES = 8;
    private static final int DEFAULT_SHARED_BYTES = 48 << 10;
    private static final int MAX_ARGUMENTS = 64;

    private final Driver driver;
    private final String name;
    private final long handle;
    private int sharedBytes = DEFAULT_SHARED_BYTES;
    private volatile boolean argumentsChecked;

    Kernel(Driver driver, String name, long handle) {
        this.driver = driver;
        this.name = name;
        this.handle = handle;
    }

    /// Queues it.
    ///
    /// @param block threads of a block
    /// @param shared bytes of dynamic shared memory of a block
    /// @param arguments as the kernel declares them: an Integer for `int`, a Long for `long long`,
    ///   a Float for `float`, a Double for `double`; [DeviceMemory] or an address as a Long for a
    ///   pointer
    public void launch(Stream stream, Grid grid, int block, int shared, Object... arguments) {
        driver.bind();
        if (shared > sharedBytes) {
            allowShared(shared);
        }
        Arguments placed = Arguments.OF_THREAD.get();
        placed.place(this, arguments);
        NativeFunction function = driver.functions().launchKernel;
        int status;
        try {
            status =
                    (int)
                            function.handle()
                                    .invokeExact(
                                            handle,
                                            grid.x(),
                                            grid.y(),
                                            grid.z(),
                                            block,
                                            1,
                                            1,
                                            shared,
                                            stream.handle(),
                                            placed.pointers.address(),
                                            0L);
        } catch (Throwable e) {
            throw function.unexpected(e);
        }
        if (status != 0) {
            throw driver.failure(
                    function,
                    status,
                    "%s on %d x %d x %d blocks of %d threads"
                            .formatted(name, grid.x(), grid.y(), grid.z(), block));
        }
    }

    private synchronized void allowShared(int bytes) {
        if (bytes > sharedBytes) {
            NativeFunction function = driver.functions().funcSetAttribute;
            int status = function.call(handle, MAX_DYNAMIC_SHARED_BYTES, bytes);
            if (status != 0) {
                throw driver.failure(
                        function, status, name + " with " + bytes + " bytes of shared memory");
            }
            sharedBytes = bytes;
        }
    }

    /// Compares what is given with what the kernel declares, once, where the driver can tell.
    private void check(Object... arguments) {
        if (argumentsChecked) {
            return;
        }
        NativeFunction info = driver.functions().funcGetParamInfo.orElse(null);
        if (info != null) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment offset = arena.allocate(LONG);
                MemorySegment size = arena.allocate(LONG);
                for (int i = 0; i <= arguments.length; i++) {
                    boolean there =
                            info.call(handle, (long) i, offset.address(), size.address()) == 0;
                    long given = i < arguments.length ? bytes(arguments[i]) : 0;
                    long declared = there ? size.get(LONG, 0) : 0;
                    if (given != declared) {
                        throw new IllegalArgumentException(
                                "%s: argument %d has %d bytes, but the kernel declares %d (0: there is none)"
                                        .formatted(name, i, given, declared));
                    }
                }
            }
        }
        argumentsChecked = true;
    }

    private static int bytes(Object argument) {
        return argument instanceof Integer || argument instanceof Float ? 4 : 8;
    }

    /// Native memory for the arguments of a launch, which copies them: one for each thread.
    private static final class Arguments {
        static final ThreadLocal<Arguments> OF_THREAD = ThreadLocal.withInitial(Arguments::new);

        final MemorySegment values = Arena.ofAuto().allocate(LONG, MAX_ARGUMENTS);
        final MemorySegment pointers = Arena.ofAuto().allocate(LONG, MAX_ARGUMENTS);

        Arguments() {
            for (int i = 0; i < MAX_ARGUMENTS; i++) {
                pointers.setAtIndex(LONG, i, values.address() + (long) i * Long.BYTES);
            }
        }

        void place(Kernel kernel, Object... arguments) {
            kernel.check(arguments);
            for (int i = 0; i < arguments.length; i++) {
                long at = (long) i * Long.BYTES;
                switch (arguments[i]) {
                    case Integer value -> values.set(ValueLayout.JAVA_INT, at, value);
                    case Long value -> values.set(LONG, at, value);
                    case Float value -> values.set(ValueLayout.JAVA_FLOAT, at, value);
                    case Double value -> values.set(ValueLayout.JAVA_DOUBLE, at, value);
                    case DeviceMemory memory -> values.set(LONG, at, memory.address());
                    default ->
                            throw new IllegalArgumentException(
                                    kernel.name
                                            + ": argument "
                                            + i
                                            + " is a "
                                            + arguments[i].getClass().getSimpleName());
                }
            }
        }
    }
}
