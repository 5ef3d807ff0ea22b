package entropylens.quantised;

import entropylens.kernels.Codes;
import entropylens.kernels.RowDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// A byte for each weight, output by output: `round((value - zero) · scale)`.
///
/// @param floats whether a byte is a float of the kind e4m3fn, or else a signed integer
/// @param zeros a signed byte beside each scale, where there are any
/// @param rounding of each weight
record ByteRows(
        MemorySegment data,
        int inputs,
        boolean floats,
        ScaleGrid scales,
        @Nullable MemorySegment zeros,
        Rounding rounding)
        implements RowDecoder {
    @Override
    public void decode(int output, float[] to, int toOffset) {
        long row = (long) output * inputs;
        for (int i = 0; i < inputs; i += scales.inputs()) {
            int count = Math.min(scales.inputs(), inputs - i);
            float scale = scales.at(output, i);
            if (floats) {
                Codes.e4m3(data, row + i, count, scale, to, toOffset + i);
            } else {
                Codes.int8(data, row + i, count, zero(output, i), scale, to, toOffset + i);
            }
        }
        rounding.round(to, toOffset, toOffset + inputs);
    }

    private int zero(int output, int input) {
        return zeros == null ? 0 : zeros.get(ValueLayout.JAVA_BYTE, scales.index(output, input));
    }
}
