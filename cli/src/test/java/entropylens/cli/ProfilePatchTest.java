package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Rows of another text in the place of the prompt's.
class ProfilePatchTest {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    @TempDir Path folder;

    private Path model;

    @BeforeEach
    void model() {
        model = TestModel.withTokenizer(folder);
    }

    private JsonNode json(String ids, String options) {
        return Cli.json(model, "--positions prompt --token-ids " + ids + " " + options);
    }

    private static double[][] entropy(JsonNode json) {
        return Cli.table(json.path("entropy"));
    }

    @Test
    void whatFollowsTheRowIsComputedFromIt() {
        double[][] plain = entropy(json("1,2,3,4", ""));
        double[][] source = entropy(json("9,8,7,6", ""));
        JsonNode result = json("1,2,3,4", "--patch-from-ids 9,8,7,6 --patch 1:2");
        double[][] patched = entropy(result);
        int layers = plain[0].length;

        assertThat(patched[0]).isEqualTo(plain[0]);
        assertThat(patched[1]).isEqualTo(plain[1]);
        assertThat(patched[2][0]).isEqualTo(source[2][0]);
        assertThat(patched[3][0]).isEqualTo(plain[3][0]);
        assertThat(patched[3][layers - 1]).isNotEqualTo(plain[3][layers - 1]);
        JsonNode rows = result.path("patched").path("rows");
        assertThat(rows.path(0).path("layer").intValue()).isEqualTo(1);
        assertThat(rows.path(0).path("position").intValue()).isEqualTo(2);
        assertThat(rows.path(0).path("from_position").intValue()).isEqualTo(2);
        assertThat(rows.path(0).path("at").stringValue()).isEqualTo("resid_post");
        assertThat(json("1,2", "").path("patched").isNull()).isTrue();
    }

    @Test
    void anotherPositionAndPointMayBeNamed() {
        double[][] source = entropy(json("9,8,7,6", ""));
        double[][] patched =
                entropy(
                        json(
                                "1,2,3,4",
                                "--patch-from-ids 9 --patch 1:0=0,1:1=0 --patch-at resid_pre"));
        assertThat(patched[0]).isEqualTo(source[0]);
        String table =
                Cli.profile(model, "--token-ids 1,2 --tokens 2 --patch-from-ids 9,8 --patch 2:1=0")
                        .succeeded()
                        .out();
        assertThat(table)
                .contains(
                        "resid_post of block 2 at position 1 is that of the other text at position 0");
    }

    @Test
    void whatCannotBePatchedIsSaid() {
        refused("--patch 1:2", WRONG, "give it with --patch-from or --patch-from-ids");
        refused("--patch-from-ids 9", WRONG, "are for --patch");
        refused("--patch-from-ids 9 --patch 0:1", WRONG, "for example 3:7, but is 0:1");
        refused("--patch-from-ids 9 --patch 1:0 --patch-at z", WRONG, "but is z");
        refused("--patch-from-ids 9 --patch 99:0", FAILED, "there is no layer 99");
        refused("--patch-from-ids 9 --patch 1:1", FAILED, "no position 1 to take a row from");
        refused("--patch-from-ids 9,9,9 --patch 1:2", FAILED, "no position 2 to patch");
        refused("--patch-from-ids 9,9 --patch 1:1,1:1=0", FAILED, "two patches are for");
        refused("--patch-from-ids 999999 --patch 1:0", FAILED, "has token 999999");
    }

    private void refused(String options, int code, String why) {
        Cli cli = Cli.profile(model, "--token-ids 1,2 " + options);
        assertThat(cli.code()).as(cli.err()).isEqualTo(code);
        assertThat(cli.err()).contains(why);
        assertThat(cli.err().lines()).hasSizeLessThanOrEqualTo(3);
    }
}
