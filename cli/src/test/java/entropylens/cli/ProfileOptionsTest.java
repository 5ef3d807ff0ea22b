package entropylens.cli;

import static entropylens.cli.Cli.doubles;
import static entropylens.cli.Cli.ints;
import static entropylens.cli.Cli.table;
import static entropylens.cli.TestModel.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What each option does to the numbers.
class ProfileOptionsTest {
    static final List<String> GOLDENS = TestModel.GOLDENS;

    /// Of core's parity test with transformers.
    static final double ENTROPY = 7.0e-6;

    /// Numbers in the JSON are float32, entropies at most 5.
    static final double ROUNDING = 1e-6;

    static final String IDS = TestModel.inputs(PLAIN);

    @ParameterizedTest
    @FieldSource("GOLDENS")
    void greedyTokensAreThoseOfTransformers(String name) {
        var golden = TestModel.golden(name);
        JsonNode json = Cli.json(golden, TestModel.inputs(golden) + "--tokens 20 --ignore-eos");
        assertThat(ints(json.get("generated_ids"))).isEqualTo(TestModel.greedyIds(golden));
        assertThat(ints(json.get("prompt_ids"))).isEqualTo(TestModel.inputIds(golden));
    }

    @ParameterizedTest
    @FieldSource("GOLDENS")
    void entropiesOfAPromptAreThoseOfTransformers(String name) {
        var golden = TestModel.golden(name);
        float[] expected = TestModel.floats(golden.resolve("golden.safetensors"), "entropy");
        JsonNode json = Cli.json(golden, TestModel.inputs(golden) + "--positions prompt");
        double[][] entropy = table(json.get("entropy"));
        int n = TestModel.inputIds(golden).length;
        assertThat(entropy).hasDimensions(n, expected.length / n);
        for (int t = 0; t < n; t++) {
            for (int l = 0; l < entropy[t].length; l++) {
                assertThat(entropy[t][l]).isCloseTo(expected[l * n + t], within(ENTROPY));
            }
        }
        assertThat(json.get("positions").asString()).isEqualTo("prompt");
        assertThat(json.get("generated_ids").isEmpty()).isTrue();
    }

    @Test
    void thirtyTwoTokensAreGeneratedUnlessAskedOtherwise() {
        assertThat(Cli.json(PLAIN, IDS).get("generated_ids")).hasSize(32);
        assertThat(Cli.json(PLAIN, IDS + "--tokens 1").get("generated_ids")).hasSize(1);
    }

    @Test
    void theLastPromptTokenIsTheFirstMeasured() {
        double[][] prompt = table(Cli.json(PLAIN, IDS + "--positions prompt").get("entropy"));
        double[][] generated = table(Cli.json(PLAIN, IDS + "--tokens 3").get("entropy"));
        assertThat(generated).hasNumberOfRows(3);
        assertThat(generated[0]).containsExactly(prompt[prompt.length - 1], within(1e-5));
    }

    @Test
    void anEndTokenEndsTheTextUnlessIgnored() {
        var golden = TestModel.golden("llama-f16"); // its first greedy token is the end
        String ids = TestModel.inputs(golden);
        assertThat(ints(Cli.json(golden, ids).get("generated_ids"))).containsExactly(0);
        assertThat(Cli.json(golden, ids + "--ignore-eos").get("generated_ids")).hasSize(32);
        assertThat(Cli.profile(golden, ids).succeeded().out()).contains("(the text ended)");
    }

    @Test
    void embeddingAddsLayerZero() {
        JsonNode without = Cli.json(PLAIN, IDS + "--tokens 4");
        JsonNode with = Cli.json(PLAIN, IDS + "--tokens 4 --embedding");
        assertThat(ints(without.get("layer"))).containsExactly(1, 2, 3);
        assertThat(ints(with.get("layer"))).containsExactly(0, 1, 2, 3);
        assertThat(doubles(with.get("depth")))
                .containsExactly(new double[] {0, 1 / 3.0, 2 / 3.0, 1}, within(ROUNDING));
        double[][] all = table(with.get("entropy"));
        double[][] blocks = table(without.get("entropy"));
        for (int t = 0; t < 4; t++) {
            assertThat(Arrays.copyOfRange(all[t], 1, 4))
                    .containsExactly(blocks[t], within(ROUNDING));
        }
        assertThat(table(with.get("delta"))[0]).hasSize(3);
        assertThat(table(without.get("delta"))[0]).hasSize(2);
        assertThat(Cli.profile(PLAIN, IDS + "--embedding").succeeded().out())
                .containsPattern("(?m)^ {2}emb   0\\.00");
    }

    @Test
    void windowsAverageEqualParts() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 12 --windows 3");
        double[][] entropy = table(json.get("entropy"));
        double[][] profile = table(json.get("profile"));
        assertThat(profile).hasDimensions(3, 3);
        for (int w = 0; w < 3; w++) {
            for (int l = 0; l < 3; l++) {
                double[] part = column(entropy, l, 4 * w, 4 * w + 4);
                assertThat(profile[w][l]).isCloseTo(mean(part), within(ROUNDING));
                assertThat(json.get("spread").get(w).get(l).asDouble())
                        .isCloseTo(deviation(part), within(ROUNDING));
                if (l > 0) {
                    assertThat(json.get("delta").get(w).get(l - 1).asDouble())
                            .isCloseTo(profile[w][l] - profile[w][l - 1], within(ROUNDING));
                }
            }
        }
    }

    @Test
    void normalizeDividesByTheLogOfTheVocabulary() {
        JsonNode nats = Cli.json(PLAIN, IDS + "--tokens 4");
        JsonNode normal = Cli.json(PLAIN, IDS + "--tokens 4 --normalize");
        assertThat(nats.get("unit").asString()).isEqualTo("nats");
        assertThat(normal.get("unit").asString()).isEqualTo("fraction of ln V");
        for (String key : List.of("entropy", "profile", "spread", "delta")) {
            double[][] plain = table(nats.get(key));
            double[][] divided = table(normal.get(key));
            for (int row = 0; row < plain.length; row++) {
                for (int l = 0; l < plain[row].length; l++) {
                    assertThat(divided[row][l])
                            .isCloseTo(plain[row][l] / Math.log(101), within(ROUNDING));
                }
            }
        }
    }

    @Test
    void samplesHaveMeanAndSpreadOverTexts() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 6 --windows 2 --temperature 1 --samples 5");
        JsonNode samples = json.get("samples");
        assertThat(samples).hasSize(5);
        for (int w = 0; w < 2; w++) {
            for (int l = 0; l < 3; l++) {
                double[] means = new double[5];
                for (int i = 0; i < 5; i++) {
                    double[][] entropy = table(samples.get(i).get("entropy"));
                    means[i] = mean(column(entropy, l, 3 * w, 3 * w + 3));
                }
                assertThat(json.get("profile").get(w).get(l).asDouble())
                        .isCloseTo(mean(means), within(ROUNDING));
                assertThat(json.get("spread").get(w).get(l).asDouble())
                        .isCloseTo(deviation(means), within(ROUNDING));
            }
        }
        List<List<Integer>> texts =
                samples.values().stream().map(s -> boxed(s.get("generated_ids"))).toList();
        assertThat(texts).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "json", "csv"})
    void theSameSeedGivesTheSameBytes(String format) {
        String options = IDS + "--tokens 6 --temperature 1 --samples 3 --format " + format;
        String once = Cli.profile(PLAIN, options + " --seed 7").succeeded().out();
        assertThat(Cli.profile(PLAIN, options + " --seed 7").succeeded().out()).isEqualTo(once);
        assertThat(Cli.profile(PLAIN, options + " --seed 8").succeeded().out()).isNotEqualTo(once);
        assertThat(Cli.profile(PLAIN, options + " --seed -7").succeeded().out()).isNotEqualTo(once);
    }

    @Test
    void samplesDoNotDependOnTheBatch() {
        String options = IDS + "--tokens 8 --temperature 1.5 --top-p 0.9 --samples 6 ";
        JsonNode alone = Cli.json(PLAIN, options + "--batch 1").get("samples");
        JsonNode four = Cli.json(PLAIN, options + "--batch 4").get("samples");
        for (int i = 0; i < 6; i++) {
            assertThat(four.get(i).get("generated_ids"))
                    .isEqualTo(alone.get(i).get("generated_ids"));
            double[][] one = table(alone.get(i).get("entropy"));
            double[][] other = table(four.get(i).get("entropy"));
            for (int t = 0; t < one.length; t++) {
                // rows of a product may be summed in another order beside others
                assertThat(other[t]).containsExactly(one[t], within(ENTROPY));
            }
        }
    }

    @Test
    void samplesBeginAsTheFewerDo() {
        String options = IDS + "--tokens 5 --temperature 1 --seed 3 ";
        JsonNode single = Cli.json(PLAIN, options);
        JsonNode several = Cli.json(PLAIN, options + "--samples 3").get("samples");
        assertThat(several.get(0).get("generated_ids")).isEqualTo(single.get("generated_ids"));
    }

    @Test
    void aTinyTopPIsGreedy() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 20 --temperature 2 --top-p 1e-6");
        assertThat(ints(json.get("generated_ids"))).isEqualTo(TestModel.greedyIds(PLAIN));
        assertThat(json.get("sampling").get("temperature").asDouble()).isEqualTo(2);
        assertThat(json.get("sampling").get("top_p").asDouble()).isEqualTo(1e-6);
        JsonNode all = Cli.json(PLAIN, IDS + "--tokens 20 --temperature 2");
        assertThat(ints(all.get("generated_ids"))).isNotEqualTo(TestModel.greedyIds(PLAIN));
    }

    @Test
    void aSkippedBlockChangesNothing() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 5 --skip-blocks 2");
        assertThat(ints(json.get("skip_blocks"))).containsExactly(2);
        for (double[] row : table(json.get("entropy"))) {
            assertThat(row[1]).isEqualTo(row[0]);
        }
        assertThat(table(json.get("delta"))[0][0]).isZero();
        JsonNode whole = Cli.json(PLAIN, IDS + "--tokens 5");
        assertThat(ints(whole.get("skip_blocks"))).isEmpty();
        assertThat(table(whole.get("entropy"))[0][2])
                .isNotEqualTo(table(json.get("entropy"))[0][2]);
        // the first block comes before the skipped one
        assertThat(table(whole.get("entropy"))[0][0])
                .isEqualTo(table(json.get("entropy"))[0][0], within(ENTROPY));
        assertThat(Cli.profile(PLAIN, IDS + "--skip-blocks 3,1").succeeded().out())
                .contains("block 1 (blocks.0) is skipped\nblock 3 (blocks.2) is skipped\n");
    }

    @Test
    void topKAreTheMostProbableTokens() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 6 --top-k 3");
        int[] generated = ints(json.get("generated_ids"));
        for (int t = 0; t < 6; t++) {
            assertThat(json.get("top_ids").get(t)).hasSize(3);
            for (int l = 0; l < 3; l++) {
                assertThat(ints(json.get("top_ids").get(t).get(l))).hasSize(3);
                assertThat(json.get("top_tokens").get(t).get(l)).hasSize(3);
                double[] p = doubles(json.get("top_probabilities").get(t).get(l));
                assertThat(p[0]).isGreaterThanOrEqualTo(p[1]);
                assertThat(p[1]).isGreaterThanOrEqualTo(p[2]);
            }
            assertThat(json.get("top_ids").get(t).get(2).get(0).asInt()).isEqualTo(generated[t]);
        }
    }

    @Test
    void renyiEntropiesFallWithTheirOrder() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 4 --alpha 0,0.5,1,2,inf");
        for (int t = 0; t < 4; t++) {
            for (int l = 0; l < 3; l++) {
                double shannon = cell(json, "entropy", t, l);
                assertThat(cell(json, "renyi_0", t, l)).isCloseTo(Math.log(101), within(ROUNDING));
                assertThat(cell(json, "renyi_1", t, l)).isEqualTo(shannon);
                assertThat(cell(json, "renyi_0.5", t, l)).isGreaterThan(shannon);
                assertThat(cell(json, "renyi_2", t, l)).isLessThan(shannon);
                double top = json.get("top_probabilities").get(t).get(l).get(0).asDouble();
                assertThat(cell(json, "renyi_inf", t, l)).isCloseTo(-Math.log(top), within(1e-5));
            }
        }
    }

    @Test
    void topPSetIsTheSmallestThatReachesP() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 4 --top-p-set 0.6 --top-k 100");
        for (int t = 0; t < 4; t++) {
            for (int l = 0; l < 3; l++) {
                double[] p = doubles(json.get("top_probabilities").get(t).get(l));
                int size = json.get("top_p_size_0.6").get(t).get(l).asInt();
                assertThat(Arrays.stream(p, 0, size).sum()).isGreaterThan(0.6 - 1e-5);
                assertThat(Arrays.stream(p, 0, size - 1).sum()).isLessThan(0.6 + 1e-5);
            }
        }
    }

    @Test
    void varentropyIsGivenWhereItIsAskedFor() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 4 --stats varentropy");
        for (double[] row : Cli.table(json.required("varentropy"))) {
            assertThat(row).hasSize(3);
            for (double value : row) {
                assertThat(value).isBetween(1e-3, 100.0);
            }
        }
        assertThat(Cli.json(PLAIN, IDS + "--tokens 4").has("varentropy")).isFalse();
    }

    @Test
    void divergenceIsFromTheLastLayer() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 4 --stats kl");
        for (double[] row : table(json.get("kl_to_last"))) {
            assertThat(row[2]).isCloseTo(0, within(ROUNDING));
            assertThat(row[0]).isPositive();
            assertThat(row[1]).isPositive();
        }
        assertThat(json.has("next_rank")).isFalse();
    }

    @Test
    void nextIsTheTokenThatFollows() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 4 --stats next,kl");
        for (int t = 0; t < 4; t++) {
            assertThat(json.get("next_rank").get(t).get(2).asInt()).isEqualTo(1);
            assertThat(cell(json, "next_probability", t, 2))
                    .isCloseTo(
                            json.get("top_probabilities").get(t).get(2).get(0).asDouble(),
                            within(ROUNDING));
        }
        assertThat(json.has("kl_to_last")).isTrue();
    }

    @Test
    void noTokenFollowsThePrompt() {
        JsonNode json = Cli.json(PLAIN, IDS + "--positions prompt --stats next");
        int last = TestModel.inputIds(PLAIN).length - 1;
        assertThat(json.get("next_probability").get(last).isNull()).isTrue();
        assertThat(json.get("next_rank").get(last).isNull()).isTrue();
        assertThat(json.get("next_rank").get(last - 1)).hasSize(3);
    }

    @Test
    void threadsDoNotChangeTheNumbers() {
        String options = IDS + "--tokens 6 --format csv --stats kl,next --alpha 2 --threads ";
        assertThat(Cli.profile(PLAIN, options + 2).succeeded().out())
                .isEqualTo(Cli.profile(PLAIN, options + 1).succeeded().out());
        assertThat(Cli.json(PLAIN, IDS + "--threads 2").get("threads").asInt()).isEqualTo(2);
    }

    private static double cell(JsonNode json, String key, int token, int layer) {
        return json.get(key).get(token).get(layer).asDouble();
    }

    private static List<Integer> boxed(JsonNode list) {
        return IntStream.of(ints(list)).boxed().toList();
    }

    private static double[] column(double[][] rows, int column, int from, int to) {
        return Arrays.stream(rows, from, to).mapToDouble(row -> row[column]).toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }
}
