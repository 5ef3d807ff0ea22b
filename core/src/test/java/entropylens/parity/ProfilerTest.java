package entropylens.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.hook.Intervention;
import entropylens.kernels.Kernels;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The profiler drives a model as the goldens were made.
class ProfilerTest {
    private static ProfileRequest request(int tokens, Set<Integer> stopIds, boolean embedding) {
        return new ProfileRequest(
                tokens == 0 ? Positions.PROMPT : Positions.greedy(tokens, stopIds),
                Intervention.NONE,
                embedding,
                ReadoutRequest.ENTROPY
                        .with(Statistic.KL_TO_LAST)
                        .with(Statistic.NEXT_PROBABILITY, Statistic.NEXT_RANK));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2-base", "llama-gqa-tied", "mistral-window"})
    void everyPositionOfAPromptHasTheGoldensEntropies(String name) {
        Golden golden = new Golden(name, Kernels.best());
        Profiler profiler = new Profiler(golden.loaded.model());
        TextProfile text = profiler.profile(golden.inputIds, request(0, Set.of(), false));
        float[] expected = golden.expected.floats("entropy");
        int n = golden.inputIds.length;
        assertThat(text.positions()).isEqualTo(n);
        assertThat(text.firstPosition()).isZero();
        for (int t = 0; t < n; t++) {
            for (int l = 0; l < golden.layers(); l++) {
                assertThat(Math.abs(text.profile().entropy()[t][l] - expected[l * n + t]))
                        .isLessThanOrEqualTo(TransformersParityTest.ENTROPY_CEILING);
            }
            assertThat(text.table(Statistic.KL_TO_LAST)[t][golden.layers() - 1]).isZero();
        }
    }

    @Test
    void textsOfUnequalLengthTogetherAreAsAlone() {
        // GPT-2's matrices give a row the same bits in any batch, so every number is the same
        Golden golden = new Golden("gpt2-base", Kernels.best());
        Profiler profiler = new Profiler(golden.loaded.model());
        List<int[]> prompts =
                List.of(
                        golden.inputIds,
                        Arrays.copyOf(golden.inputIds, 5),
                        Arrays.copyOf(golden.inputIds, 2),
                        Arrays.copyOf(golden.inputIds, 9));
        ProfileRequest request = request(12, Set.of(), true);
        List<TextProfile> together = profiler.profile(prompts, request, 3, Progress.NONE);
        for (int i = 0; i < prompts.size(); i++) {
            TextProfile alone = profiler.profile(prompts.get(i), request);
            assertThat(together.get(i).generatedIds()).isEqualTo(alone.generatedIds());
            assertThat(together.get(i).layers()).isEqualTo(golden.layers() + 1);
            assertThat(together.get(i).readouts().entropy()).isEqualTo(alone.readouts().entropy());
            assertThat(together.get(i).readouts().column(Statistic.NEXT_RANK))
                    .isEqualTo(alone.readouts().column(Statistic.NEXT_RANK));
        }
    }

    @Test
    void aTextEndsAtItsStopTokenAndKeepsThatRow() {
        Golden golden = new Golden("llama-gqa-tied", Kernels.best());
        Profiler profiler = new Profiler(golden.loaded.model());
        int stop = golden.greedyIds[6];
        int first = 0;
        while (golden.greedyIds[first] != stop) {
            first++;
        }
        TextProfile text = profiler.profile(golden.inputIds, request(20, Set.of(stop), false));
        assertThat(text.generatedIds()).isEqualTo(Arrays.copyOf(golden.greedyIds, first + 1));
        assertThat(text.positions()).isEqualTo(first + 1);
        // the token that follows was the most probable one at the last layer
        assertThat(text.table(Statistic.NEXT_RANK)[0][golden.layers() - 1]).isEqualTo(1);
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeItStarts() {
        Golden golden = new Golden("gpt2-base", Kernels.best());
        Profiler profiler = new Profiler(golden.loaded.model());
        assertThatThrownBy(() -> profiler.profile(golden.inputIds, request(21, Set.of(), false)))
                .hasMessageContaining("exceed the model's context of 32");
        assertThatThrownBy(() -> profiler.profile(new int[0], request(1, Set.of(), false)))
                .hasMessageContaining("the prompt is empty");
    }
}
