package entropylens.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/// Factors before and behind an operator; all numbers here are exact.
class ScaledTest {
    private final Backend backend = new CpuBackend(Kernels.scalar(), new WorkerPool(1));

    private static Linear linear() {
        MemorySegment weights = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3, 4);
        return new Linear(
                Matrix.dense(weights, WeightType.F32, 2, 2, Matrix.Layout.OUT_IN),
                new float[] {10, 20});
    }

    private float[] apply(Projection projection, float[] x, int rows) {
        float[] out = new float[rows * projection.outputs()];
        backend.apply(projection, x, rows, Phase.TOGETHER, out);
        return out;
    }

    @Test
    void theBiasIsMultipliedBehindAndNotBefore() {
        Scaled scaled = new Scaled(linear(), 2, new float[] {0.5f, -1});
        float[] x = {1, 1, 0, 3};
        assertThat(apply(scaled, x, 2)).containsExactly(8, -34, 11, -44);
        assertThat(x).as("what it takes").containsExactly(1, 1, 0, 3);
    }

    @Test
    void outputsTakeTheirFactorsAlong() {
        Projection second = new Scaled(linear(), 2, new float[] {0.5f, -1}).outputs(1, 2);
        assertThat(apply(second, new float[] {1, 1}, 1)).containsExactly(-34);
    }

    @Test
    void factorsOfOneLeaveTheOperatorAsItIs() {
        Linear linear = linear();
        assertThat(Scaled.of(linear, 1)).isSameAs(linear);
        assertThat(apply(Scaled.of(linear, 3, 2), new float[] {1, 0}, 1)).containsExactly(26, 58);
    }

    @Test
    void asManyFactorsAsOutputs() {
        assertThatThrownBy(() -> new Scaled(linear(), 1, new float[3]))
                .hasMessageContaining("3 factors for 2 outputs");
    }
}
