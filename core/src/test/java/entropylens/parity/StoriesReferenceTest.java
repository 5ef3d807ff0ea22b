package entropylens.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import entropylens.checkpoint.RealModel;
import entropylens.family.LoadedModel;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real trained Llama (stories260K) against profiles that an independent program computed in
/// float64. Skipped, aloud, where the model is not at hand.
class StoriesReferenceTest {
    /// Against float64 throughout, on a trained model: the bound that was asked for.
    static final double ENTROPY = 2e-4;

    static final List<Double> ALPHAS = List.of(0.5, 2.0, 5.0);

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Reference(
            String what,
            int[] ids,
            double[][] entropy,
            Map<String, double[][]> renyi,
            int[][] top_p_size,
            int[][] argmax) {}

    @Test
    void bothReferencePromptsAreReproduced() {
        Path directory = RealModel.stories260K();
        JsonMapper json = JsonMapper.builder().build();
        JsonNode file = json.readTree(directory.resolve("reference.json").toFile());
        Backend backend = new CpuBackend(Kernels.best(), new WorkerPool(2));
        Profiler profiler =
                new Profiler(LoadedModel.load(directory, Arena.ofAuto(), backend).model());
        for (String name : List.of("bos_greedy_40", "once_upon_a_time_greedy_32")) {
            check(profiler, name, json.treeToValue(file.get(name), Reference.class));
        }
    }

    private static void check(Profiler profiler, String name, Reference reference) {
        int tokens = reference.entropy().length;
        int[] prompt = Arrays.copyOf(reference.ids(), reference.ids().length - tokens);
        TextProfile text =
                profiler.profile(
                        prompt,
                        new ProfileRequest(
                                Positions.greedy(tokens, Set.of()),
                                ReadoutRequest.ENTROPY
                                        .with(ALPHAS.stream().map(Statistic::renyi).toList())
                                        .with(Statistic.topPSize(0.6))
                                        .withTopK(1)));
        assertThat(text.generatedIds())
                .as(name)
                .isEqualTo(
                        Arrays.copyOfRange(reference.ids(), prompt.length, reference.ids().length));
        Differences entropy = new Differences();
        Differences renyi = new Differences();
        for (int t = 0; t < tokens; t++) {
            for (int l = 0; l < text.layers(); l++) {
                int row = t * text.layers() + l;
                entropy.add(text.readouts().entropy()[row], reference.entropy()[t][l]);
                for (int a = 0; a < ALPHAS.size(); a++) {
                    renyi.add(
                            text.readouts().column(Statistic.renyi(ALPHAS.get(a)))[row],
                            reference.renyi().get(ALPHAS.get(a).toString())[t][l]);
                }
                String where = "%s token %d layer %d".formatted(name, t, l);
                assertThat((int) text.readouts().column(Statistic.topPSize(0.6))[row])
                        .as(where)
                        .isEqualTo(reference.top_p_size()[t][l]);
                assertThat(text.readouts().topIds()[row][0])
                        .as(where)
                        .isEqualTo(reference.argmax()[t][l]);
            }
        }
        System.out.printf(
                "stories260K %s entropy %.2e renyi %.2e%n",
                name, entropy.largest(), renyi.largest());
        assertThat(entropy.largest()).isLessThanOrEqualTo(ENTROPY);
        assertThat(renyi.largest()).isLessThanOrEqualTo(ENTROPY);
    }
}
