package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Factors on what the halves of blocks add.
class ProfileScaleTest {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    @TempDir Path folder;

    private Path model;

    @BeforeEach
    void model() {
        model = TestModel.withTokenizer(folder);
    }

    private JsonNode json(String options) {
        return Cli.json(model, "--positions prompt --token-ids 1,2,3,4 " + options);
    }

    @Test
    void aFactorOfZeroOnBothHalvesSkipsTheBlock() {
        JsonNode scaled = json("--scale-blocks 2:0:0");
        JsonNode skipped = json("--skip-blocks 2");
        assertThat(scaled.path("entropy")).isEqualTo(skipped.path("entropy"));
        assertThat(scaled.path("skip_blocks")).isEqualTo(skipped.path("skip_blocks"));
        assertThat(scaled.path("scale_blocks")).isEmpty();
    }

    @Test
    void aHalfThatIsSkippedLeavesTheStreamToTheOther() {
        JsonNode result = json("--scale-blocks 2:0:1 --at resid_pre,resid_mid,resid_post");
        JsonNode points = result.path("points");
        double[][] before = Cli.table(points.path("resid_pre").path("entropy"));
        double[][] between = Cli.table(points.path("resid_mid").path("entropy"));
        double[][] after = Cli.table(points.path("resid_post").path("entropy"));
        for (int row = 0; row < before.length; row++) {
            assertThat(between[row][1]).isEqualTo(before[row][1]);
            assertThat(after[row][1]).isNotEqualTo(between[row][1]);
        }
        assertThat(result.path("scale_blocks").toString())
                .isEqualTo("[{\"block\":2,\"attention\":0.0,\"mlp\":1.0}]");
        assertThat(result.path("skip_blocks")).isEmpty();
    }

    @Test
    void theTableSaysIt() {
        assertThat(
                        Cli.profile(model, "--token-ids 1,2 --tokens 2 --scale-blocks 1:0.5:-1")
                                .succeeded()
                                .out())
                .contains("block 1 (blocks.0): attention times 0.5, MLP times -1");
    }

    @Test
    void whatCannotBeScaledIsSaid() {
        refused(model, "--scale-blocks 2", WRONG, "--scale-blocks must be L:A:M");
        refused(model, "--scale-blocks 2:1:1", WRONG, "changes nothing");
        refused(model, "--scale-blocks 2:0:1 --skip-blocks 2", WRONG, "block 2 is named twice");
        refused(model, "--scale-blocks 99:0:1", FAILED, "there is no block 99");
        refused(
                TestModel.golden("mamba-tied"),
                "--scale-blocks 1:0:1",
                FAILED,
                "adds to the stream once, so 1:0:1 must have the same factor twice");
    }

    private static void refused(Path model, String options, int code, String why) {
        Cli cli = Cli.profile(model, "--token-ids 1,2 " + options);
        assertThat(cli.code()).as(cli.err()).isEqualTo(code);
        assertThat(cli.err()).contains(why);
        assertThat(cli.err().lines()).hasSizeLessThanOrEqualTo(3);
    }
}
