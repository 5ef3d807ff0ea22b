package entropylens.lens;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Goldens;
import entropylens.Worst;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.kernels.Backend;
import entropylens.kernels.ForeignBackend;
import entropylens.kernels.WorkerPool;
import entropylens.model.Model;
import entropylens.model.Progress;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The seam between the instrument and what computes: another backend measures the same, in its own
/// tiles and its own order of sums.
class ForeignBackendTest {
    /// In nats; worst seen 1.9e-6 (opt-post-norm), doubled.
    private static final double BOUND = 3.8e-6;

    private static final Worst worst = new Worst("another backend (nats)");

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-tied", "gpt2-options", "opt-post-norm", "gemma2-softcaps"})
    void anotherBackendMeasuresTheSame(String golden) {
        Path directory = Goldens.directory(golden);
        int[] ids = ConfigJson.read(directory.resolve("golden.json")).ints("input_ids");
        TextProfile ours = profile(directory, ids, Backend.cpu(new WorkerPool(2)));
        TextProfile foreign = profile(directory, ids, new ForeignBackend());
        for (Statistic statistic : List.of(Statistic.ENTROPY, Statistic.KL_TO_LAST)) {
            see(golden, statistic, ours.table(statistic), foreign.table(statistic));
        }
        assertThat(foreign.topIds()).isDeepEqualTo(ours.topIds());
        // ranks compare logits with the target's own, so its bits must be those of the panels
        assertThat(Arrays.deepToString(foreign.table(Statistic.NEXT_RANK)))
                .isEqualTo(Arrays.deepToString(ours.table(Statistic.NEXT_RANK)));
    }

    private static TextProfile profile(Path directory, int[] ids, Backend backend) {
        ReadoutRequest readout =
                ReadoutRequest.ENTROPY.with(Statistic.NEXT_RANK, Statistic.KL_TO_LAST).withTopK(3);
        Model model = LoadedModel.load(directory, Arena.ofAuto(), backend).model();
        return new Profiler(model)
                .profile(
                        List.of(ids),
                        new ProfileRequest(Positions.PROMPT, readout),
                        1,
                        Progress.NONE)
                .getFirst();
    }

    private static void see(
            String golden, Statistic statistic, double[][] ours, double[][] foreign) {
        for (int position = 0; position < ours.length; position++) {
            for (int layer = 0; layer < ours[position].length; layer++) {
                worst.see(
                        foreign[position][layer] - ours[position][layer],
                        () -> golden + ", " + statistic.name());
            }
        }
    }

    @AfterAll
    static void theyAgree() {
        worst.requireWithin(BOUND);
    }
}
