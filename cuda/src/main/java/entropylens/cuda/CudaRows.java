package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Gpu;
import entropylens.model.KeptRows;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;

/// Rows that are kept on the device, in pieces that are taken as they are needed, so that none has
/// to be moved when there are more.
final class CudaRows implements KeptRows {
    private static final Cleaner CLEANER = Cleaner.create();

    /// Of a piece; the pool rounds sizes up by at most a quarter.
    private static final long PIECE_BYTES = 1L << 20;

    private final Gpu gpu;
    private final int width;
    private final int perPiece;
    private final Pieces pieces = new Pieces();
    private final Cleaner.Cleanable cleanable;

    private static final class Pieces implements Runnable {
        final List<DeviceMemory> all = new ArrayList<>();

        @Override
        public void run() {
            all.forEach(DeviceMemory::close);
            all.clear();
        }
    }

    /// @param width floats of a row
    /// @param together rows that are kept together
    CudaRows(Gpu gpu, int width, int together) {
        this.gpu = gpu;
        this.width = width;
        long bytes = (long) together * width * Float.BYTES;
        this.perPiece = together * (int) Math.max(1, PIECE_BYTES / bytes);
        this.cleanable = CLEANER.register(this, pieces);
    }

    /// Where a row is; room is made for it.
    long address(int slot) {
        int piece = slot / perPiece;
        while (pieces.all.size() <= piece) {
            pieces.all.add(
                    gpu.pool().take((long) perPiece * width * Float.BYTES, "rows of the stream"));
        }
        return pieces.all.get(piece).address() + (long) (slot % perPiece) * width * Float.BYTES;
    }

    @Override
    public float[] floats(int count) {
        float[] floats = new float[count * width];
        MemorySegment to = MemorySegment.ofArray(floats);
        for (int first = 0; first < count; first += perPiece) {
            long bytes = (long) Math.min(perPiece, count - first) * width * Float.BYTES;
            pieces.all
                    .get(first / perPiece)
                    .copyTo(to.asSlice((long) first * width * Float.BYTES, bytes), 0);
        }
        return floats;
    }

    @Override
    public void close() {
        cleanable.clean();
    }
}
