package entropylens.quantised;

import entropylens.kernels.Codes;
import entropylens.kernels.RowDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Integers of 4 or 8 bits, packed into words of 32 along the inputs of an output, the first in the
/// lowest bits: `round((code - offset - zero) · scale)`, where offset is half the range.
///
/// @param bits 4 or 8
/// @param zeros of an output and a group, offset taken off; null where all are 0
/// @param groups the group of each input; null where groups are neighbours
record PackedRows(
        MemorySegment data,
        int inputs,
        int bits,
        ScaleGrid scales,
        @Nullable Zeros zeros,
        int @Nullable [] groups)
        implements RowDecoder {
    /// A zero point.
    @FunctionalInterface
    interface Zeros {
        int at(int output, int group);
    }

    @Override
    public void decode(int output, float[] to, int toOffset) {
        if (bits == 4 && groups == null) {
            neighbours(output, to, toOffset);
        } else {
            oneByOne(output, to, toOffset);
        }
    }

    private void neighbours(int output, float[] to, int toOffset) {
        float[] table = new float[Codes.NIBBLES];
        long first = (long) output * wordsPerRow() * 8;
        for (int i = 0; i < inputs; i += scales.inputs()) {
            table(output, i / scales.inputs(), table, 0);
            int count = Math.min(scales.inputs(), inputs - i);
            Codes.nibbles(data, first + i, count, false, table, 0, to, toOffset + i);
        }
    }

    /// What each code of a group stands for.
    private void table(int output, int group, float[] table, int at) {
        Rounding rounding = scales.scales().rounding();
        float scale = scales.at(output, group * scales.inputs());
        int zero = offset() + zero(output, group);
        Codes.steps(zero, scale, table, at);
        rounding.round(table, at, at + Codes.NIBBLES);
    }

    private void oneByOne(int output, float[] to, int toOffset) {
        Rounding rounding = scales.scales().rounding();
        long first = (long) output * wordsPerRow() * 4;
        for (int i = 0; i < inputs; i++) {
            int group = groups == null ? i / scales.inputs() : groups[i];
            int code = code(first, i) - offset() - zero(output, group);
            to[toOffset + i] = code * scales.at(output, group * scales.inputs());
        }
        rounding.round(to, toOffset, toOffset + inputs);
    }

    private int code(long first, int input) {
        int perByte = 8 / bits;
        int codes = data.get(ValueLayout.JAVA_BYTE, first + input / perByte);
        return (codes >> (bits * (input % perByte))) & ((1 << bits) - 1);
    }

    private int zero(int output, int group) {
        return zeros == null ? 0 : zeros.at(output, group);
    }

    private int offset() {
        return 1 << (bits - 1);
    }

    private int wordsPerRow() {
        return ScaleGrid.ceil(inputs, 32 / bits);
    }
}
