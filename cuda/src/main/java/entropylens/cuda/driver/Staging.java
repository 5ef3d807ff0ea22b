package entropylens.cuda.driver;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/// Pinned pieces of host memory, which the device reads and writes at full speed: what goes between
/// Java arrays and the device passes through them. A piece is one thread's until it is given back;
/// all go with the GPU.
final class Staging {
    /// Bytes of a piece: large enough that a copy is bound by the bus.
    static final int PIECE = 4 << 20;

    private final Driver driver;
    private final Deque<MemorySegment> free = new ArrayDeque<>();

    Staging(Driver driver) {
        this.driver = driver;
    }

    synchronized MemorySegment take() {
        MemorySegment piece = free.poll();
        if (piece == null) {
            piece = new PinnedMemory(driver, PIECE).segment();
        }
        return piece;
    }

    synchronized void giveBack(MemorySegment piece) {
        free.push(piece);
    }
}
