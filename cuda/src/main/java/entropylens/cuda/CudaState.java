package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Gpu;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.SessionState;
import java.lang.ref.Cleaner;

/// Keys and values of one session, in one piece of device memory: for each block that has its own,
/// keys `[position][kv head][d_head]`, then values `[position][kv head][width of a value]`. Token
/// by token, so that what texts begin with is copied in one go.
final class CudaState implements SessionState {
    private static final Cleaner CLEANER = Cleaner.create();

    private static final long ALIGNMENT = 256;

    private final Gpu gpu;
    private final DecoderConfig config;
    private final DeviceMemory memory;
    private final long[] keys;
    private final long[] values;
    private final Cleaner.Cleanable cleanable;

    CudaState(Gpu gpu, DecoderConfig config, int capacity) {
        this.gpu = gpu;
        this.config = config;
        this.keys = new long[config.nLayers()];
        this.values = new long[config.nLayers()];
        long size = 0;
        for (int layer = 0; layer < config.nLayers(); layer++) {
            AttentionShape shape = config.attention(layer);
            if (shape.keysOf().isPresent()) {
                keys[layer] = keys[shape.keysOf().getAsInt()];
                values[layer] = values[shape.keysOf().getAsInt()];
            } else {
                keys[layer] = size;
                size = aligned(size + bytes(shape.keyWidth(), capacity));
                values[layer] = size;
                size = aligned(size + bytes(shape.valueWidth(), capacity));
            }
        }
        DeviceMemory taken =
                gpu.pool().take(size, "keys and values of %,d tokens".formatted(capacity));
        this.memory = taken;
        this.cleanable = CLEANER.register(this, taken::close);
    }

    private static long aligned(long size) {
        return Math.ceilDiv(size, ALIGNMENT) * ALIGNMENT;
    }

    private static long bytes(int width, int positions) {
        return (long) width * Float.BYTES * positions;
    }

    /// Where the keys of a block begin.
    long keys(int layer) {
        return memory.address() + keys[layer];
    }

    /// Where the values of a block begin.
    long values(int layer) {
        return memory.address() + values[layer];
    }

    @Override
    public void continueFrom(SessionState other, int tokens) {
        CudaState from = (CudaState) other;
        for (int layer = 0; tokens > 0 && layer < config.nLayers(); layer++) {
            AttentionShape shape = config.attention(layer);
            if (shape.keysOf().isEmpty()) {
                memory.copyFrom(
                        gpu.stream(),
                        from.memory,
                        from.keys[layer],
                        keys[layer],
                        bytes(shape.keyWidth(), tokens));
                memory.copyFrom(
                        gpu.stream(),
                        from.memory,
                        from.values[layer],
                        values[layer],
                        bytes(shape.valueWidth(), tokens));
            }
        }
    }

    @Override
    public boolean knowsEarlierPositions() {
        return true;
    }

    @Override
    public void close() {
        cleanable.clean();
    }
}
