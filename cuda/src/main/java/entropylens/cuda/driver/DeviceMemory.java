package entropylens.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A piece of device memory. Copies wait until they are done, so that what they read may be changed
/// afterwards; they are in order with the stream that they are given to.
public sealed class DeviceMemory implements AutoCloseable permits MemoryPool.Piece {
    private final Driver driver;
    private final Staging staging;
    private final Stream own;
    private final long address;
    private final long bytes;

    /// Whether it was given back, to the driver or to a pool.
    boolean closed;

    DeviceMemory(Driver driver, Staging staging, Stream own, long bytes, String what) {
        this.driver = driver;
        this.staging = staging;
        this.own = own;
        this.bytes = bytes;
        if (bytes < 1) {
            throw new IllegalArgumentException(what + " has " + bytes + " bytes");
        }
        driver.bind();
        this.address = allocate(bytes, what);
        driver.opened(address, driver.functions().memFree);
    }

    /// Memory of another, which is given back to where it came from.
    DeviceMemory(DeviceMemory whole, long bytes) {
        this.driver = whole.driver;
        this.staging = whole.staging;
        this.own = whole.own;
        this.address = whole.address;
        this.bytes = bytes;
    }

    private long allocate(long size, String what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            NativeFunction function = driver.functions().memAlloc;
            int status = function.call(out.address(), size);
            if (status != 0) {
                throw driver.allocationFailure(function, status, size, what);
            }
            return out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /// Its address on the device.
    public long address() {
        return address;
    }

    public long bytes() {
        return bytes;
    }

    /// Copies bytes to the device, at an offset of bytes there. A mapped file may be given as it
    /// is.
    public void copyFrom(MemorySegment from, long at) {
        copyFrom(own, from, at);
    }

    /// As [#copyFrom(MemorySegment, long)], in order with another stream's work.
    public void copyFrom(Stream stream, MemorySegment from, long at) {
        check(at, from.byteSize());
        if (from.isNative()) {
            toDevice(stream, from, at);
            stream.synchronize();
            return;
        }
        MemorySegment piece = staging.take();
        try {
            for (long done = 0; done < from.byteSize(); done += Staging.PIECE) {
                long size = Math.min(Staging.PIECE, from.byteSize() - done);
                MemorySegment.copy(from, done, piece, 0, size);
                toDevice(stream, piece.asSlice(0, size), at + done);
                stream.synchronize();
            }
        } finally {
            staging.giveBack(piece);
        }
    }

    private void toDevice(Stream stream, MemorySegment from, long at) {
        driver.bind();
        NativeFunction function = driver.functions().memcpyHtoDAsync;
        int status;
        try {
            status =
                    (int)
                            function.handle()
                                    .invokeExact(
                                            address + at,
                                            from.address(),
                                            from.byteSize(),
                                            stream.handle());
        } catch (Throwable e) {
            throw function.unexpected(e);
        }
        driver.check(function, status);
    }

    /// Copies from pinned memory in a stream's order; does not wait, so that what is read must stay
    /// as it is until the stream has done it.
    public void queueFrom(Stream stream, MemorySegment pinned, long at) {
        check(at, pinned.byteSize());
        toDevice(stream, pinned, at);
    }

    /// Copies an array to the beginning.
    public void copyFrom(float[] from) {
        copyFrom(MemorySegment.ofArray(from), 0);
    }

    /// Copies an array to the beginning.
    public void copyFrom(int[] from) {
        copyFrom(MemorySegment.ofArray(from), 0);
    }

    /// Copies an array to the beginning.
    public void copyFrom(long[] from) {
        copyFrom(MemorySegment.ofArray(from), 0);
    }

    /// Copies bytes from the device, from an offset of bytes there.
    public void copyTo(MemorySegment to, long at) {
        copyTo(own, to, at);
    }

    /// As [#copyTo(MemorySegment, long)], in order with another stream's work.
    public void copyTo(Stream stream, MemorySegment to, long at) {
        check(at, to.byteSize());
        MemorySegment piece = staging.take();
        try {
            for (long done = 0; done < to.byteSize(); done += Staging.PIECE) {
                long size = Math.min(Staging.PIECE, to.byteSize() - done);
                toHost(stream, piece, size, at + done);
                stream.synchronize();
                MemorySegment.copy(piece, 0, to, done, size);
            }
        } finally {
            staging.giveBack(piece);
        }
    }

    private void toHost(Stream stream, MemorySegment to, long size, long at) {
        driver.bind();
        NativeFunction function = driver.functions().memcpyDtoHAsync;
        int status;
        try {
            status =
                    (int)
                            function.handle()
                                    .invokeExact(to.address(), address + at, size, stream.handle());
        } catch (Throwable e) {
            throw function.unexpected(e);
        }
        driver.check(function, status);
    }

    /// Fills an array from the beginning.
    public void copyTo(float[] to) {
        copyTo(MemorySegment.ofArray(to), 0);
    }

    /// Fills an array from the beginning.
    public void copyTo(int[] to) {
        copyTo(MemorySegment.ofArray(to), 0);
    }

    /// Fills an array from the beginning.
    public void copyTo(double[] to) {
        copyTo(MemorySegment.ofArray(to), 0);
    }

    /// Copies between places of the device, in a stream's order; does not wait.
    public void copyFrom(Stream stream, DeviceMemory from, long fromAt, long at, long count) {
        check(at, count);
        from.check(fromAt, count);
        driver.bind();
        NativeFunction function = driver.functions().memcpyDtoDAsync;
        int status;
        try {
            status =
                    (int)
                            function.handle()
                                    .invokeExact(
                                            address + at,
                                            from.address + fromAt,
                                            count,
                                            stream.handle());
        } catch (Throwable e) {
            throw function.unexpected(e);
        }
        driver.check(function, status);
    }

    /// Sets some bytes to zero, in a stream's order; does not wait.
    public void zero(Stream stream, long at, long count) {
        check(at, count);
        driver.bind();
        NativeFunction function = driver.functions().memsetD8Async;
        driver.check(function, function.call(address + at, 0, count, stream.handle()));
    }

    /// Sets all to zero, in the order of the GPU's own stream; does not wait.
    public void zero() {
        zero(own, 0, bytes);
    }

    private void check(long at, long count) {
        if (closed || at < 0 || count < 0 || at + count > bytes) {
            throw new IndexOutOfBoundsException(
                    closed
                            ? "this device memory was given back"
                            : "bytes [%d, %d) of a piece of %d".formatted(at, at + count, bytes));
        }
    }

    /// Gives it back; waits until the device no longer uses it.
    @Override
    public void close() {
        driver.close(address);
        closed = true;
    }
}
