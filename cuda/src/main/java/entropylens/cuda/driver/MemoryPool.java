package entropylens.cuda.driver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/// Device memory that is taken and given back again and again, without the driver's help: a call of
/// its own costs up to a millisecond, and freeing waits for the device.
///
/// What is given back may be taken at once by the next, whose work comes later in the GPU's own
/// stream. Work of other streams must be done before what it uses is given back.
public final class MemoryPool {
    private static final long SMALLEST = 512;

    /// Sizes between two powers of two, so that at most a fifth of a piece is wasted.
    private static final int STEPS = 4;

    private final Gpu gpu;
    private final Map<Long, Deque<DeviceMemory>> free = new TreeMap<>();

    MemoryPool(Gpu gpu) {
        this.gpu = gpu;
    }

    /// Memory with arbitrary contents, to be closed by whoever takes it.
    public DeviceMemory take(long bytes, String what) {
        long size = rounded(bytes);
        synchronized (this) {
            Deque<DeviceMemory> pieces = free.get(size);
            if (pieces != null && !pieces.isEmpty()) {
                return new Piece(this, pieces.pop(), bytes);
            }
        }
        return new Piece(this, gpu.allocate(size, what), bytes);
    }

    static long rounded(long bytes) {
        if (bytes <= SMALLEST) {
            return SMALLEST;
        }
        long step = Math.max(SMALLEST / STEPS, Long.highestOneBit(bytes - 1) / STEPS);
        return Math.ceilDiv(bytes, step) * step;
    }

    private synchronized void giveBack(DeviceMemory whole) {
        free.computeIfAbsent(whole.bytes(), size -> new ArrayDeque<>()).push(whole);
    }

    /// Bytes that nobody uses at the moment.
    public synchronized long freeBytes() {
        return free.values().stream().flatMap(Deque::stream).mapToLong(DeviceMemory::bytes).sum();
    }

    /// Gives what nobody uses back to the driver.
    ///
    /// @return whether there was any
    synchronized boolean trim() {
        boolean any = false;
        for (Deque<DeviceMemory> pieces : free.values()) {
            any |= !pieces.isEmpty();
            pieces.forEach(DeviceMemory::close);
        }
        free.clear();
        return any;
    }

    void close() {
        boolean ignored = trim();
    }

    /// A piece that goes back to the pool.
    static final class Piece extends DeviceMemory {
        private final MemoryPool pool;
        private final DeviceMemory whole;

        private Piece(MemoryPool pool, DeviceMemory whole, long bytes) {
            super(whole, bytes);
            this.pool = pool;
            this.whole = whole;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                pool.giveBack(whole);
            }
        }
    }
}
