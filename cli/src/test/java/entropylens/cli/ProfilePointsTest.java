package entropylens.cli;

import static entropylens.cli.Cli.doubles;
import static entropylens.cli.Cli.table;
import static entropylens.cli.TestModel.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `--at`: which half of a block expands, and which prunes.
class ProfilePointsTest {
    private static final String IDS = TestModel.inputs(PLAIN);
    private static final String STREAM = "--at resid_pre,resid_mid,resid_post ";
    private static final String ALL = "--at resid_pre,attn_out,resid_mid,mlp_out,resid_post ";

    @TempDir Path folder;

    @Test
    void theDefaultIsTheStreamAfterTheBlock() {
        JsonNode plain = Cli.json(PLAIN, IDS + "--tokens 4");
        JsonNode named = Cli.json(PLAIN, IDS + "--tokens 4 --at resid_post");
        assertThat(named).isEqualTo(plain);
        assertThat(plain.get("at").toString()).isEqualTo("[\"resid_post\"]");
        String csv = Cli.profile(PLAIN, IDS + "--tokens 4 --format csv").out();
        assertThat(Cli.profile(PLAIN, IDS + "--tokens 4 --format csv --at resid_post").out())
                .isEqualTo(csv);
        assertThat(Cli.profile(PLAIN, IDS + "--tokens 4 --at resid_post").out())
                .isEqualTo(Cli.profile(PLAIN, IDS + "--tokens 4").out());
    }

    @Test
    void onePointHasTheKeysOfTheDefault() {
        JsonNode plain = Cli.json(PLAIN, IDS + "--tokens 4");
        JsonNode part = Cli.json(PLAIN, IDS + "--tokens 4 --at attn_out");
        assertThat(part.propertyNames()).containsExactlyElementsOf(plain.propertyNames());
        assertThat(part.get("generated_ids")).isEqualTo(plain.get("generated_ids"));
        assertThat(part.get("entropy")).isNotEqualTo(plain.get("entropy"));
    }

    @Test
    void severalPointsStandByTheirNames() {
        String options = IDS + "--tokens 4 --windows 2 --stats kl,next,jaccard_0.9 ";
        JsonNode plain = Cli.json(PLAIN, options);
        JsonNode several = Cli.json(PLAIN, options + ALL);
        assertThat(several.propertyNames())
                .contains("at", "prompt_ids", "generated_ids", "text", "points", "halves")
                .doesNotContain("layer", "entropy", "profile");
        assertThat(several.get("points").propertyNames())
                .containsExactly("resid_pre", "attn_out", "resid_mid", "mlp_out", "resid_post");
        JsonNode post = several.get("points").get("resid_post");
        for (String key : post.propertyNames()) {
            assertThat(post.get(key)).as(key).isEqualTo(plain.get(key));
        }
        for (JsonNode point : several.get("points")) {
            assertThat(point.propertyNames()).containsExactlyElementsOf(post.propertyNames());
        }
    }

    @Test
    void theHalvesAddUpToTheBlock() {
        JsonNode json =
                Cli.json(PLAIN, IDS + "--tokens 4 --windows 2 --embedding --normalize " + STREAM);
        double[][] attention = table(json.get("halves").get("attention"));
        double[][] mlp = table(json.get("halves").get("mlp"));
        JsonNode post = json.get("points").get("resid_post");
        double[][] delta = table(post.get("delta"));
        assertThat(post.get("layer").toString()).isEqualTo("[0,1,2,3]");
        assertThat(json.get("points").get("resid_mid").get("layer").toString())
                .isEqualTo("[1,2,3]");
        assertThat(attention).hasDimensions(2, 3);
        for (int w = 0; w < 2; w++) {
            for (int l = 0; l < 3; l++) {
                assertThat(attention[w][l] + mlp[w][l]).isCloseTo(delta[w][l], within(1e-6));
                assertThat(attention[w][l]).isNotCloseTo(mlp[w][l], within(1e-6));
            }
        }
        JsonNode without = Cli.json(PLAIN, IDS + "--tokens 2 --at resid_mid,resid_post");
        assertThat(without.get("halves").isNull()).isTrue();
    }

    @Test
    void everySampleHasItsPoints() {
        String options = IDS + "--tokens 3 --temperature 1 --samples 2 --skip-blocks 2 ";
        JsonNode json = Cli.json(PLAIN, options + STREAM);
        JsonNode plain = Cli.json(PLAIN, options);
        assertThat(json.get("points").get("resid_post").get("profile"))
                .isEqualTo(plain.get("profile"));
        for (int i = 0; i < 2; i++) {
            JsonNode points = json.get("samples").get(i).get("points");
            assertThat(points.get("resid_post").get("entropy"))
                    .isEqualTo(plain.get("samples").get(i).get("entropy"));
            assertThat(points.get("resid_pre").has("layer")).isFalse();
        }
        // block 2 is skipped, so neither half of it does anything
        assertThat(doubles(json.get("halves").get("attention").get(0))[1]).isZero();
        assertThat(doubles(json.get("halves").get("mlp").get(0))[1]).isZero();
    }

    @Test
    void csvNamesThePointOfEveryLine() {
        String options = IDS + "--positions prompt --embedding --stats kl --format csv ";
        List<String> plain = Cli.profile(PLAIN, options).succeeded().out().lines().toList();
        List<String> lines = Cli.profile(PLAIN, options + ALL).succeeded().out().lines().toList();
        assertThat(lines.getFirst())
                .startsWith("sample,token,window,position,next_id,point,layer,depth,entropy,");
        assertThat(lines).hasSize(1 + 12 * (4 * 3 + 4));
        assertThat(lines.stream().filter(line -> line.contains(",resid_post,")))
                .map(line -> line.replace(",resid_post,", ","))
                .containsExactlyElementsOf(plain.subList(1, plain.size()));
        assertThat(lines.stream().filter(line -> line.contains(",mlp_out,"))).hasSize(36);
    }

    @Test
    void theTableSaysWhatEachHalfDoes() {
        Cli run = Cli.profile(PLAIN, IDS + "--tokens 4 " + ALL).succeeded();
        assertThat(run.out())
                .containsSubsequence(
                        "at resid_pre: the stream before the block",
                        "at attn_out: what attention, or the mixer in its place, adds",
                        "at resid_mid: the stream after attention",
                        "at mlp_out: what the MLP adds",
                        "at resid_post: the stream after the block",
                        "block    H before  ΔH attention",
                        "Attention expands in ",
                        "The MLP expands in ");
        assertThat(run.out().lines()).allMatch(line -> Columns.width(line) <= 100);
        // a part that is added is no block that expands
        assertThat(run.out().lines().filter(line -> line.startsWith("Expands "))).hasSize(3);
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 4 " + ALL);
        double step = doubles(json.get("halves").get("attention").get(0))[0];
        assertThat(run.out())
                .containsPattern(
                        "\n    1 +\\d\\.\\d{3}  [▲▼] [+−]%s "
                                .formatted(String.format(Locale.ROOT, "%.3f", Math.abs(step))));
    }

    @Test
    void thePictureHasALineForEachPoint() throws IOException {
        Path one = folder.resolve("one.png");
        Path several = folder.resolve("several.png");
        Cli.profile(PLAIN, IDS + "--tokens 2 --at mlp_out --plot " + one).succeeded();
        Cli.profile(PLAIN, IDS + "--tokens 2 " + ALL + "--plot " + several).succeeded();
        assertThat(colors(several)).contains(0xffe69f00, 0xff009e73, 0xffcc79a7, 0xff56b4e9);
        assertThat(colors(one)).doesNotContain(0xff009e73, 0xffcc79a7, 0xff56b4e9);
    }

    private static Set<Integer> colors(Path picture) throws IOException {
        BufferedImage image = ImageIO.read(Files.newInputStream(picture));
        Set<Integer> colors = new TreeSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colors.add(image.getRGB(x, y));
            }
        }
        return colors;
    }

    @ParameterizedTest
    @CsvSource({
        "gptj-partial, resid_mid, gptj, side by side",
        "cohere-tied, resid_mid, cohere, side by side",
        "mamba-tied, mlp_out, mamba, mixer alone",
        "mamba-tied, resid_mid, mamba, mixer alone",
    })
    void whatAModelsBlocksLackIsRefused(String golden, String point, String family, String why) {
        Path model = Path.of("../core/src/test/resources/goldens").resolve(golden);
        Cli run = Cli.profile(model, "--token-ids 1,2 --at resid_post," + point);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("--at: there is no " + point, "of the family " + family, why)
                .contains("there are resid_pre, attn_out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"resid", "RESID_MID", "router_logits"})
    void anotherWordIsNoPoint(String word) {
        Cli run = Cli.profile(PLAIN, IDS + "--at " + word);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "there is no point '",
                        "resid_pre, attn_out, resid_mid, mlp_out, resid_post");
    }

    @Test
    void contradictionsAreRefused() {
        Cli twice = Cli.profile(PLAIN, IDS + "--at resid_mid,resid_mid");
        assertThat(twice.code()).isEqualTo(2);
        assertThat(twice.err()).contains("--at names resid_mid twice");
        Cli embedding = Cli.profile(PLAIN, IDS + "--at resid_mid --embedding");
        assertThat(embedding.code()).isEqualTo(2);
        assertThat(embedding.err()).contains("layer 1 of resid_pre is the same row");
    }
}
