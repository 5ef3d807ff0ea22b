package entropylens.model;

import entropylens.kernels.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads rows of embedding tables.
final class RowReader {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RowReader() {}

    /// Copies row `row` of an OUT_IN table, widened to float32, to `[offset, offset + inputs)`.
    static void read(Matrix table, int row, float[] to, int offset) {
        MemorySegment data = table.data();
        long at = table.byteOffset(row, 0);
        for (int i = 0; i < table.inputs(); i++) {
            to[offset + i] =
                    switch (table.type()) {
                        case F32 -> data.get(FLOAT, at + 4L * i);
                        case F16 -> Float.float16ToFloat(data.get(SHORT, at + 2L * i));
                        case BF16 -> Float.intBitsToFloat(data.get(SHORT, at + 2L * i) << 16);
                    };
        }
    }
}
