package entropylens.cli;

import entropylens.hub.Models;
import entropylens.lens.EntropyProfile;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import entropylens.lens.TextProfile;
import entropylens.model.DecoderConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The profile as JSON. Keys are stable and described in docs/method.md.
final class ProfileJson {
    private ProfileJson() {}

    static void print(ProfileResult result, PrintWriter out) {
        Json.print(document(result), out);
    }

    private static Map<String, Object> document(ProfileResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model(result));
        json.put("kernels", result.loaded().model().kernels().name());
        json.put("threads", result.threads());
        json.put("program", Json.program());
        json.put("jvm", Version.jvm());
        json.put("definition", Version.DEFINITION);
        json.put("unit", result.unit());
        json.put("positions", result.request().ofPrompt() ? "prompt" : "generated");
        json.put("sampling", sampling(result));
        json.put("skip_blocks", skipped(result));
        json.put("layer", numbers(result));
        json.put("depth", depths(result));
        parameters(json, result.request().readout());
        if (result.texts().size() == 1) {
            json.putAll(text(result, result.texts().getFirst()));
        } else {
            double[][] profile = result.meanWindows(result.windows());
            json.put("profile", rounded(profile));
            json.put("spread", rounded(result.spreadWindows(result.windows())));
            json.put("delta", deltas(profile));
            json.put("samples", result.texts().stream().map(one -> text(result, one)).toList());
        }
        return json;
    }

    private static Map<String, @Nullable Object> model(ProfileResult result) {
        DecoderConfig config = result.loaded().model().config();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", Models.nameOf(result.loaded().directory()));
        json.put("path", result.loaded().directory().toString());
        json.put("family", config.family());
        json.put("layers", config.nLayers());
        json.put("vocab", config.dVocab());
        json.put("dtype", result.loaded().dtype());
        json.put("d_model", config.dModel());
        json.put("n_ctx", config.nCtx());
        json.put("architectures", result.loaded().architectures());
        json.put("read_as", result.loaded().readAs().orElse(null));
        json.put("untrained_seed", Json.orNull(result.loaded().untrainedSeed()));
        json.put("config_sha256", result.loaded().configSha256());
        json.put("weights_header_sha256", result.loaded().weightsHeaderSha256());
        json.put("ignored_config_keys", result.loaded().ignoredConfigKeys());
        return json;
    }

    private static Map<String, Object> sampling(ProfileResult result) {
        var sampling = result.request().sampling();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("temperature", sampling.temperature());
        json.put("top_p", sampling.topP());
        json.put("seed", sampling.seed());
        return json;
    }

    private static List<Integer> skipped(ProfileResult result) {
        return result.request().intervention().actions().keySet().stream()
                .sorted()
                .map(block -> block + 1)
                .toList();
    }

    private static List<Integer> numbers(ProfileResult result) {
        List<Integer> numbers = new ArrayList<>();
        for (int l = 0; l < result.layers(); l++) {
            numbers.add(result.layerNumber(l));
        }
        return numbers;
    }

    private static List<Float> depths(ProfileResult result) {
        List<Float> depths = new ArrayList<>();
        for (int l = 0; l < result.layers(); l++) {
            depths.add((float) result.depth(l));
        }
        return depths;
    }

    private static void parameters(Map<String, Object> json, ReadoutRequest readout) {
        if (!readout.topPs().isEmpty()) {
            json.put("top_p_set", readout.topPs().getFirst());
        }
    }

    private static Map<String, Object> text(ProfileResult result, TextProfile one) {
        Map<String, Object> json = new LinkedHashMap<>();
        EntropyProfile profile = result.profile(one);
        double[][] windowed = profile.windows(result.windows()).entropy();
        json.put("prompt_ids", one.promptIds());
        json.put("generated_ids", one.generatedIds());
        json.put("text", result.text().decode(one.generatedIds()));
        json.put("entropy", rounded(profile.entropy()));
        json.put("profile", rounded(windowed));
        json.put("spread", rounded(profile.windowSpreads(result.windows())));
        json.put("delta", deltas(windowed));
        statistics(json, result, one);
        return json;
    }

    private static void statistics(
            Map<String, Object> json, ProfileResult result, TextProfile one) {
        ReadoutRequest asked = result.request().readout();
        Readouts readouts = one.readouts();
        for (int a = 0; a < asked.alphas().size(); a++) {
            json.put(
                    "renyi_" + Names.order(asked.alphas().get(a)),
                    rounded(one.byRow(readouts.renyi()[a])));
        }
        if (!asked.topPs().isEmpty()) {
            json.put("top_p_set_size", one.byRow(readouts.topPSize()[0]));
        }
        json.put("logit_std", rounded(one.byRow(readouts.logitStd())));
        json.put("h_norm", rounded(one.byRow(readouts.norm())));
        if (asked.divergence()) {
            json.put("kl_to_last", rounded(one.byRow(readouts.divergence())));
        }
        if (asked.target()) {
            json.put(
                    "next_probability",
                    known(one, rounded(one.byRow(readouts.targetProbability()))));
            json.put("next_rank", known(one, one.byRow(readouts.targetRank())));
        }
        json.put("top_ids", byRow(readouts.topIds(), one.layers()));
        json.put("top_probabilities", byRow(readouts.topProbabilities(), one.layers()));
        json.put("top_tokens", topTokens(result, one));
    }

    /// Null for the last position of a prompt, which no token follows.
    private static List<@Nullable Object> known(TextProfile one, Object[] rows) {
        List<@Nullable Object> known = new ArrayList<>(Arrays.asList(rows));
        for (int row = 0; row < rows.length; row++) {
            if (ProfileResult.next(one, row).isEmpty()) {
                known.set(row, null);
            }
        }
        return known;
    }

    private static List<Object[]> byRow(Object[] column, int layers) {
        List<Object[]> rows = new ArrayList<>();
        for (int from = 0; from < column.length; from += layers) {
            rows.add(Arrays.copyOfRange(column, from, from + layers));
        }
        return rows;
    }

    private static List<Object[]> topTokens(ProfileResult result, TextProfile one) {
        String[][] tokens =
                Arrays.stream(one.readouts().topIds())
                        .map(ids ->
                                Arrays.stream(ids)
                                        .mapToObj(id -> result.text().token(id))
                                        .toArray(String[]::new))
                        .toArray(String[][]::new);
        return byRow(tokens, one.layers());
    }

    private static float[][] deltas(double[][] profile) {
        return rounded(Arrays.stream(profile).map(EntropyProfile::delta).toArray(double[][]::new));
    }

    /// Seven digits: more than the float32 arithmetic behind them is good for.
    private static float[][] rounded(double[][] table) {
        float[][] rounded = new float[table.length][];
        for (int i = 0; i < table.length; i++) {
            rounded[i] = new float[table[i].length];
            for (int j = 0; j < table[i].length; j++) {
                rounded[i][j] = (float) table[i][j];
            }
        }
        return rounded;
    }
}
