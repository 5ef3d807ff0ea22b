package entropylens.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A projection taken backwards: `Wᵀ g`, what a derivative by its outputs becomes by its inputs.
/// Biases play no part. Dense weights stay where they lie; coded ones are decoded once, and are
/// held in float32 as long as this is.
public final class Transposed {
    private static final ValueLayout.OfFloat LITTLE =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Backend backend;
    private final int outputs;
    private final Linear base;

    /// Of a [Scaled] projection.
    private final float before;

    private final float @Nullable [] after;

    /// Of an [Adapted] projection, the last first.
    private final List<Update> updates;

    private record Update(Linear down, Linear up, float scale, float @Nullable [] gain) {}

    /// @param projection to be taken backwards
    public Transposed(Projection projection, Backend backend) {
        this.backend = backend;
        this.outputs = projection.outputs();
        Projection inner = projection;
        if (projection instanceof Scaled scaled) {
            before = scaled.before();
            after = scaled.after();
            inner = scaled.inner();
        } else {
            before = 1;
            after = null;
        }
        switch (inner) {
            case Linear linear -> {
                base = flipped(linear.matrix());
                updates = List.of();
            }
            case Adapted adapted -> {
                base = flipped(adapted.base().matrix());
                updates = adapted.updates().reversed().stream().map(this::flipped).toList();
            }
            case Scaled _ -> throw new IllegalStateException("scaled twice");
        }
    }

    private Update flipped(LowRank update) {
        return new Update(
                flipped(update.down()), flipped(update.up()), update.scale(), update.gain());
    }

    private Linear flipped(Matrix matrix) {
        DenseMatrix dense =
                switch (matrix) {
                    case DenseMatrix there -> there;
                    case CodedMatrix coded -> decoded(coded);
                };
        Matrix.Layout other =
                dense.layout() == Matrix.Layout.OUT_IN
                        ? Matrix.Layout.IN_OUT
                        : Matrix.Layout.OUT_IN;
        return new Linear(
                new DenseMatrix(
                        dense.data(),
                        dense.type(),
                        dense.inputs(),
                        dense.outputs(),
                        other,
                        dense.stride()),
                null);
    }

    private DenseMatrix decoded(CodedMatrix coded) {
        int inputs = coded.inputs();
        MemorySegment all =
                Arena.ofAuto().allocate((long) coded.outputs() * inputs * Float.BYTES, Float.BYTES);
        float[] row = new float[inputs];
        for (int output = 0; output < coded.outputs(); output++) {
            backend.read(coded, output, row, 0);
            for (int i = 0; i < inputs; i++) {
                all.setAtIndex(LITTLE, (long) output * inputs + i, row[i]);
            }
        }
        return Matrix.dense(all, WeightType.F32, coded.outputs(), inputs, Matrix.Layout.OUT_IN);
    }

    /// `out[r] = Wᵀ g[r]`.
    ///
    /// @param g `rows ×` outputs of the projection, left as it is
    /// @param out `rows ×` inputs of the projection, overwritten
    public void apply(float[] g, int rows, float[] out) {
        float[] taken = after == null ? g : times(g, rows, after);
        float[] all = {};
        for (Update update : updates) {
            float[] gained = update.gain == null ? taken : times(taken, rows, update.gain);
            float[] inner = new float[rows * update.up.outputs()];
            backend.apply(update.up, gained, rows, Phase.TOGETHER, inner);
            float[] added = new float[rows * base.outputs()];
            backend.apply(update.down, inner, rows, Phase.TOGETHER, added);
            for (int i = 0; i < added.length; i++) {
                added[i] = update.scale * added[i] + (all.length == 0 ? 0 : all[i]);
            }
            all = added;
            taken = gained;
        }
        backend.apply(base, taken, rows, Phase.TOGETHER, out);
        for (int i = 0; i < all.length; i++) {
            out[i] += all[i];
        }
        for (int i = 0; before != 1 && i < rows * base.outputs(); i++) {
            out[i] *= before;
        }
    }

    private float[] times(float[] g, int rows, float[] factors) {
        float[] product = Arrays.copyOf(g, rows * outputs);
        for (int i = 0; i < product.length; i++) {
            product[i] *= factors[i % outputs];
        }
        return product;
    }
}
