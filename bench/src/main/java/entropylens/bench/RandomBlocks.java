package entropylens.bench;

import entropylens.gguf.MappedBlocks;
import entropylens.kernels.BlockFormat;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
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

    private static final double REFERENCE = 1 / 256.0;
    private static final int PATTERN = 1 << 20;

    /// Random blocks of whole rows, about a megabyte, whose weights have the standard deviation
    /// `1/√inputs`. A prime number of rows, so that no two tiles of a matrix made of it are alike.
    static byte[] pattern(BlockFormat type, int inputs) {
        int row = Math.toIntExact(type.bytes(inputs));
        int rows = Math.max(3, BigInteger.valueOf(PATTERN / row).nextProbablePrime().intValue());
        byte[] pattern = new byte[rows * row];
        SplittableRandom random = new SplittableRandom(inputs);
        byte[] block = new byte[type.bytes()];
        double size = REFERENCE / (deviation(type, random) * Math.sqrt(inputs));
        for (int at = 0; at < pattern.length; at += block.length) {
            random.nextBytes(block);
            scale(type, block, size);
            System.arraycopy(block, 0, pattern, at, block.length);
        }
        return pattern;
    }

    /// Of the weights of blocks with the scale of reference.
    private static double deviation(BlockFormat type, SplittableRandom random) {
        byte[] block = new byte[type.bytes()];
        float[] weights = new float[type.weights()];
        double squares = 0;
        int blocks = 64;
        for (int i = 0; i < blocks; i++) {
            random.nextBytes(block);
            scale(type, block, REFERENCE);
            type.decode(MemorySegment.ofArray(block), 0, 1, weights, 0);
            for (float weight : weights) {
                squares += (double) weight * weight;
            }
        }
        return Math.sqrt(squares / blocks / type.weights());
    }

    /// The number that GGUF files know a type by.
    static int ggmlType(BlockFormat type) {
        return switch (type) {
            case Q4_0 -> 2;
            case Q4_1 -> 3;
            case Q5_0 -> 6;
            case Q5_1 -> 7;
            case Q8_0 -> 8;
            case Q2_K -> 10;
            case Q3_K -> 11;
            case Q4_K -> 12;
            case Q5_K -> 13;
            case Q6_K -> 14;
            case IQ4_NL -> 20;
            case IQ4_XS -> 23;
            case TQ1_0 -> 34;
            case TQ2_0 -> 35;
            case MXFP4 -> 39;
        };
    }

    /// Codes are random; scales are all the same, so that no block outweighs the others.
    static Matrix matrix(BlockFormat type, int outputs, int inputs, Arena arena) {
        long bytesPerRow = type.bytes(inputs);
        MemorySegment data = arena.allocate(bytesPerRow * outputs, 64);
        SplittableRandom random = new SplittableRandom(3);
        byte[] block = new byte[type.bytes()];
        for (long at = 0; at < data.byteSize(); at += block.length) {
            random.nextBytes(block);
            scale(type, block, REFERENCE);
            MemorySegment.copy(block, 0, data, ValueLayout.JAVA_BYTE, at, block.length);
        }
        return new CodedMatrix(
                type.name(),
                new MappedBlocks(type, data, inputs, null),
                0,
                outputs,
                inputs,
                bytesPerRow);
    }

    /// The scale, where the type keeps its float16 or its power of two.
    private static void scale(BlockFormat type, byte[] block, double scale) {
        switch (type) {
            case Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> half(block, 0, scale);
            case Q4_1, Q5_1, Q4_K, Q5_K -> {
                half(block, 0, scale);
                half(block, 2, scale);
            }
            case Q2_K -> {
                half(block, 80, scale);
                half(block, 82, scale);
            }
            case Q3_K -> half(block, 108, scale);
            case Q6_K -> half(block, 208, scale);
            case TQ1_0 -> half(block, 52, scale);
            case TQ2_0 -> half(block, 64, scale);
            case MXFP4 -> block[0] = (byte) (127 + Math.getExponent(scale));
        }
    }

    private static void half(byte[] block, int at, double scale) {
        short bits = Float.floatToFloat16((float) scale);
        block[at] = (byte) bits;
        block[at + 1] = (byte) (bits >> 8);
    }
}
