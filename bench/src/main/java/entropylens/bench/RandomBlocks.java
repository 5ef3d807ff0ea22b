package entropylens.bench;

import entropylens.kernels.BlockFormat;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/// Random matrices as GGUF files keep them.
final class RandomBlocks {
    private RandomBlocks() {}

    /// Whether a name is that of a type of blocks, not of plain floats.
    static boolean isType(String name) {
        for (WeightType type : WeightType.values()) {
            if (type.name().equals(name)) {
                return false;
            }
        }
        return true;
    }

    /// Codes are random; scales are all the same, so that no block outweighs the others.
    static Matrix matrix(BlockFormat type, int outputs, int inputs, Arena arena) {
        long bytesPerRow = type.bytes(inputs);
        MemorySegment data = arena.allocate(bytesPerRow * outputs, 64);
        SplittableRandom random = new SplittableRandom(3);
        byte[] block = new byte[type.bytes()];
        for (long at = 0; at < data.byteSize(); at += block.length) {
            random.nextBytes(block);
            scale(type, block);
            MemorySegment.copy(block, 0, data, ValueLayout.JAVA_BYTE, at, block.length);
        }
        return new CodedMatrix(
                type.name(),
                (output, to, at) ->
                        type.decode(data, output * bytesPerRow, inputs / type.weights(), to, at),
                0,
                outputs,
                inputs,
                bytesPerRow);
    }

    /// 1/256, where the type keeps its float16 or its power of two.
    private static void scale(BlockFormat type, byte[] block) {
        switch (type) {
            case Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> half(block, 0);
            case Q4_1, Q5_1, Q4_K, Q5_K -> {
                half(block, 0);
                half(block, 2);
            }
            case Q2_K -> {
                half(block, 80);
                half(block, 82);
            }
            case Q3_K -> half(block, 108);
            case Q6_K -> half(block, 208);
            case MXFP4 -> block[0] = 119;
        }
    }

    private static void half(byte[] block, int at) {
        short bits = Float.floatToFloat16(1 / 256f);
        block[at] = (byte) bits;
        block[at + 1] = (byte) (bits >> 8);
    }
}
