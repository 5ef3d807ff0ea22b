package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Compiled kernels, loaded on a GPU until they are closed, or it is.
public final class CudaModule implements AutoCloseable {
    private final Driver driver;
    private final String name;
    private final long handle;
    private final Map<String, Kernel> kernels = new ConcurrentHashMap<>();

    CudaModule(Driver driver, String name, byte[] cubin) {
        this.driver = driver;
        this.name = name;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocateFrom(ValueLayout.JAVA_BYTE, cubin);
            this.handle =
                    driver.longOf(driver.functions().moduleLoadDataEx, code.address(), 0, 0L, 0L);
        }
        driver.opened(handle, driver.functions().moduleUnload);
    }

    /// A kernel, by the name that it has in the source.
    ///
    /// @throws CudaException when there is none of this name
    public Kernel function(String kernel) {
        return kernels.computeIfAbsent(kernel, this::find);
    }

    private Kernel find(String kernel) {
        driver.bind();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(LONG);
            NativeFunction function = driver.functions().moduleGetFunction;
            int status = function.call(out.address(), handle, arena.allocateFrom(kernel).address());
            if (status != 0) {
                throw driver.failure(function, status, name + " has no kernel " + kernel);
            }
            return new Kernel(driver, name + ": " + kernel, out.get(LONG, 0));
        }
    }

    @Override
    public void close() {
        driver.close(handle);
    }
}
