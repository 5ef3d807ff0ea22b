package entropylens.onednn;

import entropylens.kernels.Kernels;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;

/// Desks that are free, and memory for packed rows: as many as threads ever computed at once.
final class Desks implements AutoCloseable {
    private final OneDnn library;
    private final Kernels kernels;
    private final ConcurrentLinkedDeque<Desk> free = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedDeque<MemorySegment> freeRows = new ConcurrentLinkedDeque<>();

    Desks(OneDnn library, Kernels kernels) {
        this.library = library;
        this.kernels = kernels;
    }

    /// Does something at a free desk.
    <T> T at(Function<Desk, T> work) {
        Desk taken = free.pollFirst();
        Desk desk = taken == null ? new Desk(library, kernels) : taken;
        try {
            return work.apply(desk);
        } finally {
            free.addFirst(desk);
        }
    }

    /// Memory for packed rows, which [#giveBack] takes again.
    MemorySegment rows(long bytes) {
        MemorySegment taken = freeRows.pollFirst();
        return Desk.grown(taken == null ? MemorySegment.NULL : taken, bytes);
    }

    void giveBack(MemorySegment rows) {
        freeRows.addFirst(rows);
    }

    @Override
    public void close() {
        for (Desk desk = free.pollFirst(); desk != null; desk = free.pollFirst()) {
            desk.close();
        }
        freeRows.clear();
    }
}
