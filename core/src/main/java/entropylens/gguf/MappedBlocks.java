package entropylens.gguf;

import entropylens.kernels.BlockFormat;
import entropylens.kernels.RowDecoder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Rows of blocks where a file has them, each decoded when it is read.
public final class MappedBlocks implements RowDecoder {
    private final BlockFormat format;
    private final MemorySegment data;
    private final int blocks;
    private final long rowBytes;
    private final int @Nullable [] order;

    /// @param data all rows, one after the other
    /// @param inputs weights of a row, a whole number of blocks
    /// @param order which row of the file each row is; null where they are the same
    public MappedBlocks(
            BlockFormat format, MemorySegment data, int inputs, int @Nullable [] order) {
        this.format = format;
        this.data = data;
        this.blocks = inputs / format.weights();
        this.rowBytes = format.bytes(inputs);
        this.order = order;
    }

    @Override
    public void decode(int output, float[] to, int toOffset) {
        int row = order == null ? output : order[output];
        format.decode(data, row * rowBytes, blocks, to, toOffset);
    }

    @Override
    public void decode(int from, int to, int inputs, float[] into, int offset) {
        if (order == null) {
            format.decode(data, from * rowBytes, (to - from) * blocks, into, offset);
        } else {
            RowDecoder.super.decode(from, to, inputs, into, offset);
        }
    }

    @Override
    public boolean multiply(int from, int to, float[] x, float[] y, int at) {
        return format.multiply(
                data,
                output -> (order == null ? output : order[output]) * rowBytes,
                from,
                to,
                x,
                y,
                at);
    }
}
