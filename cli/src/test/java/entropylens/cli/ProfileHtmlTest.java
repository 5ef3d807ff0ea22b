package entropylens.cli;

import static entropylens.cli.TestModel.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `--html`: the page in one file. Its looks are tried in a browser, in the module `web`.
class ProfileHtmlTest {
    private static final String OPTIONS = "--tokens 3 --top-k 2 --stats kl ";
    private static final String IDS = "--token-ids 1,5,9";

    @TempDir Path folder;

    private static JsonNode data(Path file) throws IOException {
        Matcher data =
                Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>")
                        .matcher(Files.readString(file));
        assertThat(data.find()).isTrue();
        return JsonMapper.shared().readTree(data.group(1));
    }

    @Test
    void theFileHoldsWhatIsPrintedAsJson() throws IOException {
        Path file = folder.resolve("a.html");
        Cli done = Cli.profile(PLAIN, OPTIONS + "--html " + file + " --format=json " + IDS);
        JsonNode printed = done.succeeded().json();
        ((ObjectNode) printed.get("model")).putNull("path");
        assertThat(data(file).get("profile")).isEqualTo(printed);
        assertThat(data(file).get("command").toString())
                .isEqualTo(
                        "[\"profile\",\"--model\",\"%s\",\"--tokens\",\"3\",\"--top-k\",\"2\",\"--stats\",\"kl\",\"--token-ids\",\"1,5,9\"]"
                                .formatted(PLAIN.getFileName()));
        assertThat(Files.readString(file)).doesNotContain(PLAIN.toAbsolutePath().toString());
        assertThat(data(file).get("tokens").get(0).get("prompt_tokens")).hasSize(3);
    }

    @Test
    void aFileThatExistsOrHasAnotherKindIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("b.html"), "mine");
        Cli exists = Cli.profile(PLAIN, "--html " + file + " " + IDS).failed(1);
        assertThat(exists.err()).contains("--html").contains("--force");
        assertThat(file).hasContent("mine");
        Cli forced = Cli.profile(PLAIN, OPTIONS + "--force --html " + file + " " + IDS);
        assertThat(forced.succeeded().out()).contains("layer");
        assertThat(data(file).get("command").toString()).doesNotContain("force");
        Cli other = Cli.profile(PLAIN, "--html " + folder.resolve("c.pdf") + " " + IDS).failed(2);
        assertThat(other.err()).contains("--html writes HTML");
    }
}
