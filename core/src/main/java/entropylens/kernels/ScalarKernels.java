package entropylens.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The specification of the kernels, one plain loop each. Also what runs where the JVM was started
/// without `--add-modules jdk.incubator.vector`; results then say so.
final class ScalarKernels implements Kernels {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public void tile(
            float[] a,
            int aOffset,
            int aStride,
            float[] b,
            int bOffset,
            int length,
            int vectors,
            float[] c,
            int cOffset,
            int cStride) {
        for (int r = 0; r < TILE_ROWS; r++) {
            for (int j = 0; j < vectors; j++) {
                float sum = 0;
                for (int i = 0; i < length; i++) {
                    sum = Math.fma(a[aOffset + r * aStride + i], b[bOffset + i * vectors + j], sum);
                }
                c[cOffset + r * cStride + j] = sum;
            }
        }
    }

    @Override
    public void rowDots(
            Matrix weights, float[] x, int xOffset, float[] y, int yOffset, int from, int to) {
        for (int o = from; o < to; o++) {
            y[yOffset + o] = product(weights, o, x, xOffset);
        }
    }

    @Override
    public void columnSums(
            DenseMatrix weights, float[] x, int xOffset, float[] y, int yOffset, int from, int to) {
        for (int o = from; o < to; o++) {
            y[yOffset + o] = product(weights, o, x, xOffset);
        }
    }

    /// One output: chains of at most [#CHAIN] terms, added up in order.
    static float product(Matrix weights, int output, float[] x, int xOffset) {
        return switch (weights) {
            case DenseMatrix dense -> product(dense, output, x, xOffset);
            case CodedMatrix coded -> product(decoded(coded, output), 0, x, xOffset);
        };
    }

    /// One output's weights, as a matrix of float32.
    private static DenseMatrix decoded(CodedMatrix coded, int output) {
        float[] weights = new float[coded.inputs()];
        coded.decode(output, output + 1, weights, 0);
        return Matrix.dense(
                MemorySegment.ofArray(weights),
                WeightType.F32,
                1,
                weights.length,
                Matrix.Layout.OUT_IN);
    }

    private static float product(DenseMatrix weights, int output, float[] x, int xOffset) {
        float total = 0;
        for (int start = 0; start < weights.inputs(); start += CHAIN) {
            float sum = 0;
            int end = Math.min(start + CHAIN, weights.inputs());
            for (int i = start; i < end; i++) {
                sum = Math.fma(x[xOffset + i], weight(weights, output, i), sum);
            }
            total = start == 0 ? sum : total + sum;
        }
        return total;
    }

    /// One weight, widened to float32.
    static float weight(DenseMatrix weights, int output, int input) {
        return weight(weights, weights.byteOffset(output, input));
    }

    static float weight(DenseMatrix weights, long at) {
        MemorySegment data = weights.data();
        return switch (weights.type()) {
            case F32 -> data.get(FLOAT, at);
            case F16 -> Float.float16ToFloat(data.get(SHORT, at));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, at) << 16);
        };
    }

    @Override
    public void read(
            Matrix weights,
            int output,
            int input,
            int pieces,
            int count,
            float[] to,
            int toOffset) {
        switch (weights) {
            case DenseMatrix dense -> {
                long at = dense.byteOffset(output, input);
                for (int p = 0; p < pieces; p++) {
                    read(dense, at, count, to, toOffset + p * count);
                    at += (long) dense.stride() * dense.type().bytes();
                }
            }
            case CodedMatrix coded -> coded.decode(output, output + pieces, to, toOffset);
        }
    }

    private static void read(DenseMatrix weights, long at, int count, float[] to, int toOffset) {
        for (int i = 0; i < count; i++) {
            to[toOffset + i] = weight(weights, at + (long) i * weights.type().bytes());
        }
    }

    @Override
    public void scores(
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            int width,
            int count,
            float scale,
            float[] scores) {
        for (int j = 0; j < count; j++) {
            float sum = 0;
            for (int i = 0; i < width; i++) {
                sum = Math.fma(query[queryOffset + i], keys[keysOffset + j * width + i], sum);
            }
            scores[j] = sum * scale;
        }
    }

    @Override
    public void softmax(float[] scores, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < count; j++) {
            max = Math.max(max, scores[j]);
        }
        double sum = 0;
        for (int j = 0; j < count; j++) {
            scores[j] = (float) Math.exp(scores[j] - max);
            sum += scores[j];
        }
        for (int j = 0; j < count; j++) {
            scores[j] = (float) (scores[j] / sum);
        }
    }

    @Override
    public int atLeast(float least, float[] from, int count, float[] to) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (from[i] >= least) {
                to[kept++] = from[i];
            }
        }
        return kept;
    }

    @Override
    public void mix(
            float[] weights,
            float[] values,
            int valuesOffset,
            int width,
            int count,
            float[] out,
            int outOffset) {
        for (int i = 0; i < width; i++) {
            float sum = 0;
            for (int j = 0; j < count; j++) {
                sum = Math.fma(weights[j], values[valuesOffset + j * width + i], sum);
            }
            out[outOffset + i] = sum;
        }
    }

    @Override
    public void activate(Activation activation, float[] x, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            x[i] = (float) activation.of(x[i]);
        }
    }

    @Override
    public void exp(float[] x, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            x[i] = (float) Math.exp(x[i]);
        }
    }

    @Override
    public void activate(Xielu activation, float[] x, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            x[i] = (float) activation.of(x[i]);
        }
    }

    @Override
    public void softcap(float[] z, int count, float scale) {
        for (int i = 0; i < count; i++) {
            z[i] = (float) (scale * Math.tanh(z[i] / scale));
        }
    }

    @Override
    public void columnMax(float[] z, int offset, int entries, int rows, float[] max) {
        for (int r = 0; r < rows; r++) {
            max[r] = Float.NEGATIVE_INFINITY;
            for (int e = 0; e < entries; e++) {
                max[r] = Math.max(max[r], z[offset + e * rows + r]);
            }
        }
    }

    @Override
    public void columnExp(
            float[] z,
            int offset,
            int entries,
            int rows,
            float[] shift,
            float[] sum,
            float[] weighted) {
        for (int r = 0; r < rows; r++) {
            double s = 0;
            double w = 0;
            for (int e = 0; e < entries; e++) {
                double shifted = (double) z[offset + e * rows + r] - shift[r];
                double exp = Math.exp(shifted);
                s += exp;
                w += exp == 0 ? 0 : exp * shifted;
            }
            sum[r] = (float) s;
            weighted[r] = (float) w;
        }
    }

    @Override
    public void columnSquares(
            float[] z, int offset, int entries, int rows, float[] shift, float[] squares) {
        for (int r = 0; r < rows; r++) {
            double q = 0;
            for (int e = 0; e < entries; e++) {
                double shifted = (double) z[offset + e * rows + r] - shift[r];
                double exp = Math.exp(shifted);
                q += exp == 0 ? 0 : exp * shifted * shifted;
            }
            squares[r] = (float) q;
        }
    }

    @Override
    public void columnPower(
            float[] z, int offset, int entries, int rows, float[] shift, float alpha, float[] sum) {
        for (int r = 0; r < rows; r++) {
            double s = 0;
            for (int e = 0; e < entries; e++) {
                s += Math.exp(alpha * ((double) z[offset + e * rows + r] - shift[r]));
            }
            sum[r] = (float) s;
        }
    }

    @Override
    public void columnMoments(
            float[] z,
            int offset,
            int entries,
            int rows,
            float[] shift,
            float[] sum,
            float[] squares) {
        for (int r = 0; r < rows; r++) {
            double s = 0;
            double q = 0;
            for (int e = 0; e < entries; e++) {
                double shifted = (double) z[offset + e * rows + r] - shift[r];
                s += shifted;
                q += shifted * shifted;
            }
            sum[r] = (float) s;
            squares[r] = (float) q;
        }
    }

    @Override
    public void columnAbove(
            float[] z, int offset, int entries, int rows, float[] threshold, float[] above) {
        for (int r = 0; r < rows; r++) {
            int count = 0;
            for (int e = 0; e < entries; e++) {
                count += z[offset + e * rows + r] > threshold[r] ? 1 : 0;
            }
            above[r] = count;
        }
    }

    @Override
    public int columnNext(
            float[] z, int offset, int entries, int rows, float[] threshold, int from) {
        int at = from;
        while (at < entries * rows && !(z[offset + at] >= threshold[at % rows])) {
            at++;
        }
        return at;
    }

    @Override
    public void columnCross(
            float[] y, float[] z, int offset, int entries, int rows, float[] shift, float[] cross) {
        for (int r = 0; r < rows; r++) {
            double s = 0;
            for (int e = 0; e < entries; e++) {
                int at = offset + e * rows + r;
                double exp = Math.exp((double) y[at] - shift[r]);
                s += exp == 0 ? 0 : exp * ((double) y[at] - z[at]);
            }
            cross[r] = (float) s;
        }
    }
}
