package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.family.LoadedModel;
import entropylens.hook.Intervention;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import entropylens.model.BatchRows;
import entropylens.model.DecoderConfig;
import entropylens.model.ForwardPass;
import entropylens.model.KeptRows;
import entropylens.model.LastRows;
import entropylens.model.Run;
import entropylens.model.SessionState;
import java.lang.foreign.Arena;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What a plan says of lenses.
class LensMemoryTest {
    private static final int TOKENS = 50;

    private final DecoderConfig config =
            LoadedModel.load(
                            Goldens.directory("llama-gqa-tied"),
                            Arena.ofAuto(),
                            new CpuBackend(Kernels.best(), new WorkerPool(1)))
                    .model()
                    .config();
    private final int d = config.dModel();
    private final int layers = config.nLayers();
    private final Lens shift = Lens.of("mean", Map.of(0, shift(), 1, shift()));
    private final Lens tuned = Lens.of("tuned", Map.of(0, affine(), 1, affine()));

    private Translator shift() {
        return new Translator.Shift(new float[d]);
    }

    private Translator affine() {
        Matrix matrix =
                Matrix.dense(
                        Arena.ofAuto().allocate(4L * d * d, 4),
                        WeightType.F32,
                        d,
                        d,
                        Matrix.Layout.OUT_IN);
        return new Translator.Affine(new Linear(matrix, new float[d]), true);
    }

    private LensMemory of(Lens... lenses) {
        return LensMemory.of(List.of(lenses), layers);
    }

    private MemoryPlan plan(Lens... lenses) {
        Run run = Run.of(new int[TOKENS], Intervention.NONE);
        return MemoryPlan.of(config, List.of(run), 1, 0, 1, of(lenses));
    }

    private long rows(long perValue) {
        return TOKENS * (perValue * d + 8L * (layers + 1));
    }

    @Test
    void vectorsAndTheRowsOfALayerAreCountedAndMappedMatricesAreNot() {
        assertThat(plan(Lens.LOGIT).lensBytes()).isZero();
        assertThat(plan(shift).lensBytes()).isEqualTo(2 * 4L * d + rows(8));
        assertThat(plan(tuned).lensBytes()).isEqualTo(2 * 4L * d + rows(8));
        assertThat(plan(tuned, shift).lensBytes()).isEqualTo(4 * 4L * d + rows(8));
        assertThat(plan(tuned, shift).streamBytes()).isEqualTo(2 * plan(Lens.LOGIT).streamBytes());
    }

    /// A run with --nulls looks at the same rotations through each of its lenses.
    @Test
    void theFactorsOfAControlAreCountedOnce() {
        double[][] factor = new double[d][];
        for (int i = 0; i < d; i++) {
            factor[i] = new double[d - i];
        }
        double[] mean = new double[d];
        Lens plain =
                Lens.of("drift", Map.of(0, new RandomRotation(mean, factor, 1, Optional.empty())));
        Lens through =
                Lens.of(
                        "drift",
                        Map.of(0, new RandomRotation(mean, factor, 1, Optional.of(shift()))));
        long factors = 8L * (d + d * (d + 1) / 2);
        assertThat(plan(plain).lensBytes()).isEqualTo(factors + rows(16));
        assertThat(plan(plain, through).lensBytes()).isEqualTo(factors + 4L * d + rows(20));
    }

    @Test
    void aLensThatDoesNotFitIsRefusedByName() {
        MemoryPlan plan = plan(tuned);
        long without = plan(Lens.LOGIT).total();
        assertThatThrownBy(() -> plan.requireHeap(without))
                .isInstanceOf(NotEnoughMemoryException.class)
                .hasMessageContaining("of residuals for 1 sequences of 50 tokens at a time, and ")
                .hasMessageContainingAll(" of lenses)", "through fewer lenses");
        assertThatCode(() -> plan.requireHeap(plan.total())).doesNotThrowAnyException();
    }

    /// Where matrices are copied, they count until they are there.
    @Test
    void onADeviceTheMatricesOfALensAreCounted() {
        MemoryPlan plan = plan(tuned);
        long texts = plan.kvBytes() + plan.streamBytes();
        long matrices = 2 * 4L * d * d;
        assertThatThrownBy(() -> plan.requireAvailable(device(texts + matrices - 1), of(tuned)))
                .isInstanceOf(NotEnoughMemoryException.class)
                .hasMessageContainingAll("on the device", " of lenses)");
        plan.requireAvailable(device(texts + matrices), of(tuned));
    }

    private static ForwardPass device(long free) {
        return new ForwardPass() {
            @Override
            public SessionState newState(int capacity) {
                throw new UnsupportedOperationException();
            }

            @Override
            public KeptRows newRows(int together, int limit) {
                throw new UnsupportedOperationException();
            }

            @Override
            public LastRows run(BatchRows rows) {
                throw new UnsupportedOperationException();
            }

            @Override
            public OptionalLong memory() {
                return OptionalLong.of(free);
            }

            @Override
            public long bytesToCome(Collection<Matrix> matrices) {
                return matrices.stream().mapToLong(Matrix::bytes).sum();
            }
        };
    }
}
