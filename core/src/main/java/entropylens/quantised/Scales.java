package entropylens.quantised;

import entropylens.checkpoint.DType;
import entropylens.checkpoint.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Scales where they lie.
record Scales(MemorySegment data, DType type) {
    static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    Scales {
        if (!Stored.FLOATS.contains(type)) {
            throw new IllegalArgumentException(type + " is no type of scales");
        }
    }

    static Scales of(Tensor tensor) {
        return new Scales(tensor.data(), tensor.dtype());
    }

    float at(long index) {
        return switch (type) {
            case F32 -> data.get(FLOAT, 4 * index);
            case F16 -> Float.float16ToFloat(data.get(SHORT, 2 * index));
            default -> Float.intBitsToFloat(data.get(SHORT, 2 * index) << 16);
        };
    }

    Rounding rounding() {
        return Rounding.of(type);
    }
}
