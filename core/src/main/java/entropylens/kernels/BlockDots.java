package entropylens.kernels;

import java.lang.foreign.MemorySegment;

/// Products of one row of activations with rows of blocks, for the types of block that
/// [VectorBlockDots] multiplies without decoding. Belongs to one row of activations, and to one
/// thread.
final class BlockDots {
    private final BlockFormat format;
    private final int blocks;
    private final float[] x;

    /// What is taken off all codes of a group, times the sum of its activations.
    private final float[] offsets;

    // scratch for one row
    private final byte[] codes;
    private final float[] scales;

    private BlockDots(BlockFormat format, int blocks, float[] x, float[] offsets) {
        this.format = format;
        this.blocks = blocks;
        this.x = x;
        this.offsets = offsets;
        this.codes = new byte[format == BlockFormat.Q6_K ? x.length : 0];
        this.scales = new float[Math.max(16, x.length / 16)];
    }

    static boolean knows(BlockFormat format) {
        return Codes.VECTORS
                && switch (format) {
                    case Q8_0, Q4_0, Q4_K, Q6_K -> true;
                    default -> false;
                };
    }

    /// @param x as many as `blocks` blocks have weights
    static BlockDots of(BlockFormat format, int blocks, float[] x) {
        float[] offsets =
                switch (format) {
                    case Q4_0 -> sums(x, 32, -8, 1);
                    case Q4_K -> sums(x, 32, -1, 8);
                    default -> new float[0];
                };
        return new BlockDots(format, blocks, x, offsets);
    }

    /// Sums of `group` neighbours, times `factor`; zeros up to a vector follow each `run` of
    /// several.
    private static float[] sums(float[] x, int group, float factor, int run) {
        int count = x.length / group;
        int stride = run == 1 ? 1 : VectorMath.LANES;
        float[] sums = new float[count / run * stride];
        for (int g = 0; g < count; g++) {
            double sum = 0;
            for (int i = g * group; i < (g + 1) * group; i++) {
                sum += x[i];
            }
            sums[g / run * stride + g % run] = (float) (factor * sum);
        }
        return sums;
    }

    /// The product with the row at a byte of `data`.
    float product(MemorySegment data, long at) {
        return switch (format) {
            case Q8_0 -> VectorBlockDots.q8(data, at, blocks, x);
            case Q4_0 -> VectorBlockDots.q4(data, at, blocks, x, offsets);
            case Q4_K -> VectorBlockDots.q4K(data, at, blocks, x, offsets, scales);
            case Q6_K -> VectorBlockDots.q6K(data, at, blocks, x, codes, scales);
            default -> throw new IllegalStateException(format + " is decoded first");
        };
    }
}
