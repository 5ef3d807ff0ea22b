package entropylens.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.hook.BlockAction;
import entropylens.hook.HookPoint;
import entropylens.hook.Intervention;
import entropylens.hook.Patch;
import entropylens.kernels.Precision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks that are skipped and scaled and rows that are patched, on the emulated device against the
/// processor.
class InterventionsOnDeviceTest {
    /// Of the largest element of the stream, as in GoldensOnDeviceTest.
    private static final double STREAM = 5e-6;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-gqa-tied",
                "gpt-neox-parallel",
                "opt-post-norm",
                "gemma2-softcaps",
                "granite-tied"
            })
    void blocksAreSkippedAndScaled(String golden) {
        Intervention intervention =
                new Intervention(Map.of(0, BlockAction.SKIP_MLP, 1, new BlockAction(0.5f, 2)));
        requireSameStream(golden, intervention);
        requireSameStream(golden, new Intervention(Map.of(1, BlockAction.SKIP)));
        requireSameStream(golden, new Intervention(Map.of(0, BlockAction.SKIP_ATTENTION)));
    }

    @Test
    void aPatchTakesThePlaceOfWhatIsComputed() {
        try (Twins twins = Twins.ofGolden("llama-gqa-tied", Precision.FLOAT32)) {
            int d = twins.cpu().config().dModel();
            float[] row = new float[d];
            for (int i = 0; i < d; i++) {
                row[i] = (float) Math.sin(i);
            }
            for (HookPoint point :
                    List.of(
                            HookPoint.residPre(0),
                            HookPoint.attnOut(0),
                            HookPoint.residMid(0),
                            HookPoint.mlpOut(1),
                            HookPoint.residPost(0))) {
                Intervention patched =
                        new Intervention(Map.of(), List.of(new Patch(point, 2, row)));
                requireSameStream(twins, patched);
            }
        }
    }

    private static void requireSameStream(String golden, Intervention intervention) {
        try (Twins twins = Twins.ofGolden(golden, Precision.FLOAT32)) {
            assertThat(twins.whole()).isTrue();
            requireSameStream(twins, intervention);
        }
    }

    private static void requireSameStream(Twins twins, Intervention intervention) {
        int[] ids = twins.inputIds();
        for (int step : new int[] {ids.length, 1}) {
            Map<String, float[]> expected = Twins.stream(twins.cpu(), ids, step, intervention);
            Map<String, float[]> found = Twins.stream(twins.device(), ids, step, intervention);
            assertThat(Twins.difference(found, expected))
                    .as("%s, %d at a time", intervention, step)
                    .isLessThan(STREAM);
        }
    }
}
