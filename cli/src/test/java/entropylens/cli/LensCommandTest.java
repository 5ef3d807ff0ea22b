package entropylens.cli;

import static entropylens.cli.TestModel.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.lens.ProfileRequest;
import entropylens.model.Progress;
import entropylens.result.ProfileResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `--lens`: a profile through another lens, and every result says so.
class LensCommandTest {
    private static final String IDS = "--token-ids 5,6,7 --tokens 4 --ignore-eos ";
    private static final String LENSES = "../core/src/test/resources/lenses/";
    private static final String TUNED = "--lens tuned:" + LENSES + "tuned-llama ";
    private static final String JACOBIAN = "--lens jacobian:" + LENSES + "jacobian-llama.pt ";
    private static final String OWN = "--lens " + LENSES + "own-llama.safetensors ";

    @Test
    void tableJsonAndCsvSayWhichLens() {
        assertThat(Cli.profile(PLAIN, IDS + JACOBIAN).succeeded().out())
                .contains("through the jacobian lens jacobian-llama.pt\n");
        assertThat(Cli.profile(PLAIN, IDS).succeeded().out()).doesNotContain("lens");
        JsonNode lens = Cli.json(PLAIN, IDS + JACOBIAN).required("lens");
        assertThat(lens.propertyNames())
                .containsExactly("kind", "path", "sha256", "model", "layers", "facts");
        assertThat(lens.required("kind").asString()).isEqualTo("jacobian");
        assertThat(lens.required("path").asString()).endsWith("lenses/jacobian-llama.pt");
        assertThat(lens.required("sha256").asString()).hasSize(64);
        assertThat(Cli.ints(lens.required("layers"))).containsExactly(1, 2);
        assertThat(lens.at("/facts/n_prompts").asString()).isEqualTo("7");
        JsonNode logit = Cli.json(PLAIN, IDS).required("lens");
        assertThat(logit.required("kind").asString()).isEqualTo("logit");
        assertThat(logit.required("path").isNull()).isTrue();
        List<String> lines =
                Cli.profile(PLAIN, IDS + OWN + "--format csv").succeeded().out().lines().toList();
        int column = List.of(lines.getFirst().split(",")).indexOf("lens");
        assertThat(lines).hasSize(1 + 4 * 3);
        assertThat(lines.subList(1, lines.size()))
                .allMatch(line -> line.split(",", -1)[column].equals("ridge"));
        assertThat(Cli.profile(PLAIN, IDS + "--format csv").out().lines().findFirst().orElseThrow())
                .doesNotContain("lens");
    }

    @ParameterizedTest
    @ValueSource(strings = {TUNED, JACOBIAN, OWN})
    void aLensChangesEveryLayerButTheLast(String lens) {
        double[][] plain = Cli.table(Cli.json(PLAIN, IDS).required("entropy"));
        JsonNode json = Cli.json(PLAIN, IDS + lens + "--stats kl");
        double[][] through = Cli.table(json.required("entropy"));
        for (int row = 0; row < plain.length; row++) {
            assertThat(through[row][0]).isNotEqualTo(plain[row][0]);
            assertThat(through[row][1]).isNotEqualTo(plain[row][1]);
            assertThat(through[row][2]).isEqualTo(plain[row][2]);
            assertThat(json.required("kl_to_last").get(row).get(2).asDouble()).isZero();
        }
        assertThat(json.required("h_norm")).isEqualTo(Cli.json(PLAIN, IDS).required("h_norm"));
        assertThat(json.required("generated_ids"))
                .isEqualTo(Cli.json(PLAIN, IDS).required("generated_ids"));
    }

    @Test
    void layersThatALensLacksAreNamed() {
        assertThat(Cli.json(PLAIN, IDS + TUNED + "--embedding").required("layer")).hasSize(4);
        Cli run = Cli.profile(PLAIN, IDS + JACOBIAN + "--embedding").failed(1);
        assertThat(run.err())
                .startsWith("entropy-lens: --lens: the jacobian lens")
                .contains("says nothing of layer 0, counted from 0, the embedding; it has 1, 2");
        assertThat(Cli.profile(PLAIN, IDS + TUNED + "--at resid_mid").failed(1).err())
                .contains("says nothing of resid_mid; ask for resid_pre or resid_post");
    }

    @Test
    void aLensOfAnotherModelIsRefused() {
        Cli run = Cli.profile(TestModel.golden("phi3-tied"), IDS + TUNED).failed(1);
        assertThat(run.err()).contains("tuned-llama was made for", "it names org/model");
        Cli untrained = Cli.profile(PLAIN, IDS + OWN + "--untrained 1").failed(1);
        assertThat(untrained.err()).contains("was made for a W_U with the SHA-256");
    }

    @Test
    void aWordThatIsNoLensIsAWrongCommandLine() {
        assertThat(Cli.profile(PLAIN, IDS + "--lens best").failed(2).err())
                .contains("--lens: 'best' is no lens; there are logit, jacobian:FILE");
    }

    @Test
    void thePictureSaysSo() {
        try (EntropyLens lens = EntropyLens.open(PLAIN, LoadOptions.NONE, 1)) {
            ProfileRequest request =
                    lens.request(ask ->
                            ask.promptOnly()
                                    .through(lens.openLens("tuned:" + LENSES + "tuned-llama")));
            ProfileResult result =
                    new ProfileResult(
                            lens.loaded(),
                            new ModelText(PLAIN).tokens(),
                            request,
                            lens.profile(List.of(new int[] {5, 6}), request, 1, Progress.NONE),
                            1,
                            false,
                            1,
                            Optional.empty(),
                            Optional.empty());
            assertThat(ProfilePlot.title(result))
                    .isEqualTo(
                            "llama-gqa-tied, 3 blocks, tuned lens tuned-llama: entropy profile over 2 tokens");
        }
    }
}
