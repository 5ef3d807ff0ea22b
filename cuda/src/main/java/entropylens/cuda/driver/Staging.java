package entropylens.cuda.driver;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Pinned pieces of host memory, which the device reads and writes at full speed: what goes between
/// Java arrays and the device passes through them. A piece is one thread's until it is given back.
final class Staging {
    /// Bytes of a piece: large enough that a copy is bound by the bus.
    static final int PIECE = 4 << 20;

    private final Driver driver;
    private final Deque<MemorySegment> free = new ArrayDeque<>();
    private final List<MemorySegment> all = new ArrayList<>();

    Staging(Driver driver) {
        this.driver = driver;
    }

    @SuppressWarnings("restricted") // the driver says how long it is by giving it
    synchronized MemorySegment take() {
        MemorySegment piece = free.poll();
        if (piece == null) {
            long address = driver.longOf(driver.functions().memAllocHost, (long) PIECE);
            piece = MemorySegment.ofAddress(address).reinterpret(PIECE);
            all.add(piece);
        }
        return piece;
    }

    synchronized void giveBack(MemorySegment piece) {
        free.push(piece);
    }

    synchronized void close() {
        if (driver.isAlive()) {
            driver.bind();
            for (MemorySegment piece : all) {
                int ignored = driver.functions().memFreeHost.call(piece.address());
            }
        }
        all.clear();
        free.clear();
    }
}
