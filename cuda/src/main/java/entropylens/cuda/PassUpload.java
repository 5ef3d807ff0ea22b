package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Event;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.PinnedMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Small arrays that go to the device together, in one copy that Java does not wait for. There are
/// two places for them, so that one pass may be prepared while the other runs.
final class PassUpload {
    /// What every array begins at a multiple of: kernels read 16 bytes at a time.
    private static final long ALIGNMENT = 256;

    private static final long SMALLEST = 1L << 16;

    private final Gpu gpu;
    private final Place[] places;
    private final List<MemorySegment> parts = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private long size;
    private int turn;

    private static final class Place {
        @Nullable PinnedMemory pinned;
        @Nullable DeviceMemory device;
        final Event copied;

        Place(Gpu gpu) {
            copied = gpu.newEvent(false);
        }

        void makeRoom(Gpu gpu, long bytes) {
            if (device != null && pinned != null && device.bytes() >= bytes) {
                copied.synchronize();
                return;
            }
            giveBack();
            long room = Math.max(SMALLEST, 2 * bytes);
            pinned = gpu.pinned(room);
            device = gpu.allocate(room, "what a pass is told of its rows");
        }

        /// Forgets both, so that nobody writes to them should there be no room for larger ones.
        private void giveBack() {
            copied.synchronize();
            if (device != null) {
                device.close();
                device = null;
            }
            if (pinned != null) {
                pinned.close();
                pinned = null;
            }
        }
    }

    PassUpload(Gpu gpu) {
        this.gpu = gpu;
        this.places = new Place[] {new Place(gpu), new Place(gpu)};
    }

    /// Adds an array; its address is known after [#send].
    ///
    /// @return what [#address] is asked with
    int add(MemorySegment array) {
        parts.add(array);
        offsets.add(size);
        size += Math.ceilDiv(array.byteSize(), ALIGNMENT) * ALIGNMENT;
        return parts.size() - 1;
    }

    int add(int[] values) {
        return add(MemorySegment.ofArray(values));
    }

    int add(long[] values) {
        return add(MemorySegment.ofArray(values));
    }

    int add(float[] values) {
        return add(MemorySegment.ofArray(values));
    }

    /// Queues the copy of all arrays that were added.
    void send() {
        turn = 1 - turn;
        Place place = places[turn];
        place.makeRoom(gpu, Math.max(1, size));
        PinnedMemory pinned = place.pinned;
        DeviceMemory device = place.device;
        if (pinned == null || device == null) {
            throw new IllegalStateException("no room was made");
        }
        for (int i = 0; i < parts.size(); i++) {
            MemorySegment part = parts.get(i);
            MemorySegment.copy(part, 0, pinned.segment(), offsets.get(i), part.byteSize());
        }
        if (size > 0) {
            device.queueFrom(gpu.stream(), pinned.segment().asSlice(0, size), 0);
        }
        place.copied.record(gpu.stream());
        parts.clear();
        size = 0;
    }

    /// The address of an array that was sent; valid until the pass after the next one is sent.
    long address(int part) {
        DeviceMemory device = places[turn].device;
        if (device == null) {
            throw new IllegalStateException("nothing was sent");
        }
        return device.address() + offsets.get(part);
    }

    /// The same; 0 for a part below 0, which nobody added.
    long addressOrNone(int part) {
        return part < 0 ? 0 : address(part);
    }

    /// Forgets where the arrays of the last pass were.
    void begin() {
        parts.clear();
        offsets.clear();
        size = 0;
    }
}
