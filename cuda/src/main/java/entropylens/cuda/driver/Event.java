package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A mark in a [Stream]: others wait for it, and two of them tell the time between.
public final class Event implements AutoCloseable {
    private static final int DISABLE_TIMING = 2;

    private final Driver driver;
    private final long handle;

    Event(Driver driver, boolean timed) {
        this.driver = driver;
        this.handle = driver.longOf(driver.functions().eventCreate, timed ? 0 : DISABLE_TIMING);
        driver.opened(handle, driver.functions().eventDestroy);
    }

    long handle() {
        return handle;
    }

    /// Marks what was given to a stream so far.
    public void record(Stream stream) {
        driver.bind();
        NativeFunction function = driver.functions().eventRecord;
        int status;
        try {
            status = (int) function.handle().invokeExact(handle, stream.handle());
        } catch (Throwable e) {
            throw function.unexpected(e);
        }
        driver.check(function, status);
    }

    /// Waits until what it marks is done.
    public void synchronize() {
        driver.bind();
        NativeFunction function = driver.functions().eventSynchronize;
        driver.check(function, function.call(handle));
    }

    /// Milliseconds between two events on the device, both done.
    public double millisecondsSince(Event earlier) {
        driver.bind();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(LONG);
            NativeFunction function = driver.functions().eventElapsedTime;
            driver.check(function, function.call(out.address(), earlier.handle, handle));
            return out.get(ValueLayout.JAVA_FLOAT, 0);
        }
    }

    @Override
    public void close() {
        driver.close(handle);
    }
}
