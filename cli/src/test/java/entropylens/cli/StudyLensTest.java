package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `study --lens`, with models that ship.
class StudyLensTest {
    private static final String LLAMA = "tinytown-llama-4";
    private static final String GPT2 = "tinytown-gpt2-4";
    private static final String FEW = "--preset quick --samples 10";

    @TempDir Path folder;
    private Path prompts = Path.of("");

    @BeforeEach
    void writePrompts() throws IOException {
        prompts = folder.resolve("prompts.txt");
        Files.writeString(
                prompts,
                "Mia has a red boat.\n\nTom went to the park.\n\nThe cat sat in the sun.\n");
    }

    private Path lens(String name, String options) {
        Path file = folder.resolve(name);
        Cli.run(("lens fit --prompts %s -o %s %s".formatted(prompts, file, options)).split(" +"))
                .succeeded();
        return file;
    }

    private Cli study(String run, String options, Path... lenses) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                ("study strategies %s -o %s %s"
                                                .formatted(FEW, folder.resolve(run), options))
                                        .split(" +")));
        for (Path lens : lenses) {
            words.add("--lens");
            words.add(lens.toString());
        }
        return Cli.run(words.toArray(String[]::new));
    }

    private JsonNode report(String run) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readAllBytes(folder.resolve(run).resolve("report.json")));
    }

    private String query(String run, String sql) {
        return Cli.run("query", "--run", folder.resolve(run).toString(), "--format", "csv", sql)
                .succeeded()
                .out()
                .replace("\r\n", "\n");
    }

    private static List<String> values(JsonNode list, String key) {
        return list.valueStream().map(one -> one.get(key).asString()).toList();
    }

    @Test
    void theLogitLensSaysWhatItSaysWithoutOthersAndOthersStandBeside() throws IOException {
        Path mean = lens("mean.safetensors", "--kind mean --model " + LLAMA);
        Path twin = lens("twin.safetensors", "--kind mean --untrained 1 --model " + LLAMA);
        study("plain", "--model " + LLAMA).succeeded();
        String out = study("lenses", "--nulls --model " + LLAMA, mean, twin).succeeded().out();
        JsonNode plain = report("plain");
        JsonNode report = report("lenses");
        assertThat(report.get("verdicts")).isEqualTo(plain.get("verdicts"));
        assertThat(plain.has("lenses")).isFalse();
        JsonNode lenses = report.get("lenses");
        assertThat(values(lenses, "lens")).containsExactly("logit", "mean", "drift", "drift, mean");
        List<String> claims = values(report.get("verdicts"), "claim");
        assertThat(values(lenses.get(0).get("verdicts"), "claim"))
                .hasSize(2)
                .allMatch(claim -> claim.startsWith("(i) blocks expand and prune more than "));
        assertThat(values(lenses.get(1).get("verdicts"), "claim"))
                .containsAll(claims)
                .hasSize(claims.size() + 4);
        assertThat(values(lenses.get(2).get("verdicts"), "claim")).isEqualTo(claims);
        assertThat(out).contains(LLAMA + ", through the lens 'drift, mean': (i) some blocks");
        JsonNode section = report.get("sections").get(1);
        assertThat(section.get("id").asString()).isEqualTo("lenses");
        assertThat(section.get("tables").get(0).get("rows").size()).isGreaterThan(12);

        // one pass: the same texts, read four times; the last layer is the model's own
        assertThat(query("lenses", "SELECT count(*) FROM texts WHERE study = 'strategies'"))
                .contains("20");
        assertThat(
                        query(
                                "lenses",
                                "SELECT count(*) FROM profiles a JOIN profiles b USING (study, model, text_id, token, layer) WHERE a.lens = 'logit' AND b.lens = 'mean' AND layer = 4 AND a.entropy <> b.entropy"))
                .endsWith("\n0\n");
        assertThat(query("lenses", "SELECT DISTINCT lens FROM profiles ORDER BY lens"))
                .isEqualTo("lens\ndrift\n\"drift, mean\"\nlogit\nmean\n");
        assertThat(Files.readString(folder.resolve("lenses/manifest.json")))
                .contains(
                        "\"nulls\" : true",
                        "\"lens mean\" : \"mean, sha256 ",
                        "\"lens of the untrained twin, mean\" : \"mean, sha256 ");

        Cli resumed = study("lenses", "--nulls --resume --model " + LLAMA, mean, twin);
        assertThat(resumed.succeeded().out()).isEqualTo(out);
        assertThat(study("lenses", "--nulls --resume --model " + LLAMA, mean).failed(1).err())
                .contains("the run is another one");
    }

    @Test
    void theTwinIsSeenThroughItsOwnLensOrElseThroughItsModels() {
        Path mean = lens("mean.safetensors", "--kind mean --model " + LLAMA);
        Path twin = lens("twin.safetensors", "--kind mean --untrained 1 --model " + LLAMA);
        study("own", "--model " + LLAMA, mean, twin).succeeded();
        study("its-models", "--model " + LLAMA, mean).succeeded();
        String twins =
                "SELECT sum(entropy) FROM profiles WHERE lens = '%s' AND model LIKE '%%untrained%%' AND layer < 4";
        assertThat(query("own", twins.formatted("logit")))
                .isEqualTo(query("its-models", twins.formatted("logit")));
        assertThat(query("own", twins.formatted("mean")))
                .isNotEqualTo(query("its-models", twins.formatted("mean")));
    }

    @Test
    void everyModelNeedsALensOfEveryKind() {
        Path mean = lens("mean.safetensors", "--kind mean --model " + LLAMA);
        String both = "--model %s --model %s".formatted(LLAMA, GPT2);
        assertThat(study("a", both, mean).failed(1).err())
                .contains(
                        "--lens: each model needs one of every kind, but %s has mean; %s has none"
                                .formatted(LLAMA, GPT2));
        assertThat(study("b", "--model " + GPT2, mean).failed(1).err())
                .contains("was made for a W_U with the SHA-256", "it names " + LLAMA);
        Path twin = lens("twin.safetensors", "--kind mean --untrained 1 --model " + LLAMA);
        assertThat(study("c", "--model " + LLAMA, twin).failed(1).err())
                .contains("the untrained twin of %s has the lens mean".formatted(LLAMA));
    }

    @Test
    void tooFewPositionsForANullOfDriftAreSaid() {
        assertThat(study("a", "--nulls --tokens 4 --model " + LLAMA).failed(1).err())
                .contains("--nulls: the texts have 40 positions", "takes at least 192");
    }
}
