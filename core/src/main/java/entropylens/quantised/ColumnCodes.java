package entropylens.quantised;

import entropylens.kernels.Codes;
import entropylens.kernels.RowDecoder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Codes that are packed into words of 32 bits the other way round, so that neighbouring words
/// belong to neighbouring outputs: GPTQ packs along the inputs, AWQ along the outputs. Outputs are
/// decoded several at a time, in pieces of the inputs that stay in the nearest cache.
///
/// @param words `[inputs / (32 / bits), outputs]` of GPTQ, `[inputs, outputs / 8]` of AWQ
/// @param zeros `[groups, outputs / (32 / bits)]`
/// @param scales `[groups, outputs]`
/// @param groups how many there are
/// @param groupOf of each input; null where groups are neighbours
/// @param zeroOffset added to a stored zero point
record ColumnCodes(
        Packing packing,
        MemorySegment words,
        MemorySegment zeros,
        Scales scales,
        int outputs,
        int inputs,
        int bits,
        int groups,
        int @Nullable [] groupOf,
        int zeroOffset)
        implements RowDecoder {
    /// Along which dimension a word packs its codes.
    enum Packing {
        INPUTS,
        OUTPUTS
    }

    /// Where AWQ keeps the codes of eight outputs in a word (`reverse_awq_order` of AutoAWQ).
    private static final int[] AWQ_ORDER = {0, 4, 1, 5, 2, 6, 3, 7};

    private static final int PIECE = 128;
    private static final int TOGETHER = 32;

    @Override
    public int together() {
        return TOGETHER;
    }

    @Override
    public void decode(int output, float[] to, int toOffset) {
        decode(output, output + 1, inputs, to, toOffset);
    }

    @Override
    public void decode(int from, int to, int width, float[] into, int offset) {
        for (int first = from; first < to; first += TOGETHER) {
            int last = Math.min(first + TOGETHER, to);
            decodeTogether(first, last, into, offset + (first - from) * inputs);
        }
    }

    private void decodeTogether(int from, int to, float[] into, int offset) {
        int codes = 1 << bits;
        boolean tabled = bits == 4;
        float[] values = new float[(to - from) * groups * (tabled ? codes : 2)];
        int perOutput = values.length / (to - from);
        for (int output = from; output < to; output++) {
            int at = (output - from) * perOutput;
            for (int group = 0; group < groups; group++) {
                if (tabled) {
                    table(output, group, values, at + codes * group);
                } else {
                    values[at + 2 * group] = zero(output, group);
                    values[at + 2 * group + 1] = scale(output, group);
                }
            }
        }
        for (int start = 0; start < inputs; start += PIECE) {
            int end = Math.min(start + PIECE, inputs);
            if (packing == Packing.OUTPUTS) {
                alongOutputs(from, to, start, end, values, into, offset);
                continue;
            }
            for (int output = from; output < to; output++) {
                int at = offset + (output - from) * inputs;
                piece(output, start, end, values, (output - from) * perOutput, into, at);
            }
        }
    }

    private void piece(
            int output, int start, int end, float[] values, int at, float[] into, int offset) {
        if (bits != 4) {
            bytes(output, start, end, values, at, into, offset);
        } else if (groupOf == null && groupSize() % 8 == 0) {
            alongInputs(output, start, end, values, at, into, offset);
        } else {
            for (int i = start; i < end; i++) {
                into[offset + i] = values[at + 16 * group(i) + code(output, i)];
            }
        }
    }

    private void alongInputs(
            int output, int start, int end, float[] values, int at, float[] into, int offset) {
        int size = groupSize();
        long stride = 4L * outputs;
        for (int i = start; i < end; ) {
            int next = Math.min(end, (i / size + 1) * size);
            long word = (i / 8) * stride + 4L * output;
            int table = at + Codes.NIBBLES * (i / size);
            Codes.words(
                    words, word, stride, (next - i) / 8, false, values, table, into, offset + i);
            i = next;
        }
    }

    /// Words of eight outputs are gathered once for those of them that are asked for.
    private void alongOutputs(
            int from, int to, int start, int end, float[] values, float[] into, int offset) {
        int[] column = new int[end - start];
        int perOutput = values.length / (to - from);
        long stride = 4L * (outputs / 8);
        for (int output = from; output < to; output++) {
            if (output == from || output % 8 == 0) {
                long word = start * stride + 4L * (output / 8);
                for (int i = 0; i < column.length; i++, word += stride) {
                    column[i] = words.get(Scales.INT, word);
                }
            }
            int row = output - from;
            int shift = 4 * AWQ_ORDER[output % 8];
            lookUp(column, start, shift, values, row * perOutput, into, offset + row * inputs);
        }
    }

    private void lookUp(
            int[] column, int start, int shift, float[] values, int at, float[] into, int offset) {
        int size = groupSize();
        int end = start + column.length;
        for (int i = start; i < end; ) {
            int next = Math.min(end, (i / size + 1) * size);
            int table = at + Codes.NIBBLES * (i / size);
            Codes.oneOfEach(column, i - start, next - i, shift, values, table, into, offset + i);
            i = next;
        }
    }

    private void bytes(
            int output, int start, int end, float[] values, int at, float[] into, int offset) {
        for (int i = start; i < end; i++) {
            int group = at + 2 * group(i);
            into[offset + i] = (code(output, i) - values[group]) * values[group + 1];
        }
        scales.rounding().round(into, offset + start, offset + end);
    }

    /// What each code of a group stands for.
    private void table(int output, int group, float[] table, int at) {
        Rounding rounding = scales.rounding();
        float scale = scale(output, group);
        int zero = zero(output, group);
        Codes.steps(zero, scale, table, at);
        rounding.round(table, at, at + Codes.NIBBLES);
    }

    private int code(int output, int input) {
        int perWord = 32 / bits;
        long row = (long) (input / perWord) * outputs;
        return (words.get(Scales.INT, 4 * (row + output)) >>> (bits * (input % perWord)))
                & ((1 << bits) - 1);
    }

    private float scale(int output, int group) {
        return scales.at((long) group * outputs + output);
    }

    private int zero(int output, int group) {
        int perWord = 32 / bits;
        int place = output % perWord;
        int shift = bits * (packing == Packing.OUTPUTS ? AWQ_ORDER[place] : place);
        long at = (long) group * (outputs / perWord) + output / perWord;
        return ((zeros.get(Scales.INT, 4 * at) >>> shift) & ((1 << bits) - 1)) + zeroOffset;
    }

    private int group(int input) {
        return groupOf == null ? input / groupSize() : groupOf[input];
    }

    private int groupSize() {
        return inputs / groups;
    }
}
