package entropylens.result;

import entropylens.hook.ScaledBlock;
import entropylens.lens.EntropyProfile;
import entropylens.lens.PatchSource;
import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import entropylens.model.DecoderConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The profile as JSON. Keys are stable and described in docs/method.md.
public final class ProfileJson {
    private ProfileJson() {}

    /// Writes the object and a line break.
    public static void print(ProfileResult result, PrintWriter out) {
        Json.print(document(result), out);
    }

    /// All of it.
    public static Map<String, @Nullable Object> document(ProfileResult result) {
        Map<String, @Nullable Object> json = about(result);
        if (result.points().size() == 1) {
            json.putAll(layers(result));
            json.putAll(
                    result.texts().size() == 1
                            ? text(result, result.texts().getFirst())
                            : overTexts(result));
        } else {
            json.putAll(severalPoints(result));
        }
        if (result.texts().size() > 1) {
            json.put("samples", result.texts().stream().map(one -> text(result, one)).toList());
        }
        return json;
    }

    /// What was measured and how: all but the texts.
    public static Map<String, @Nullable Object> header(ProfileResult result) {
        Map<String, @Nullable Object> json = about(result);
        json.putAll(ofPoints(result, ProfileJson::layers));
        return json;
    }

    /// Of one point as it is; of several by their names, in `points`.
    private static Map<String, Object> ofPoints(
            ProfileResult result, Function<ProfileResult, Map<String, Object>> one) {
        if (result.points().size() == 1) {
            return one.apply(result);
        }
        Map<String, Object> points = new LinkedHashMap<>();
        result.points().forEach(point -> points.put(point.word(), one.apply(result.at(point))));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("points", points);
        return json;
    }

    private static Map<String, @Nullable Object> about(ProfileResult result) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("model", model(result));
        json.put("kernels", result.loaded().model().backend().name());
        json.put("threads", result.threads());
        json.put("program", Json.program());
        json.put("jvm", Build.jvm());
        json.put("definition", Build.DEFINITION);
        json.put("unit", result.unit());
        json.put("positions", result.generated().isPresent() ? "generated" : "prompt");
        json.put("sampling", sampling(result));
        json.put("skip_blocks", skipped(result));
        json.put(
                "scale_blocks",
                result.request().intervention().scaled().stream()
                        .map(ProfileJson::scaled)
                        .toList());
        json.put("patched", patched(result));
        json.put("chat", chat(result));
        json.put("at", result.points().stream().map(StreamPoint::word).toList());
        json.put("lens", LensJson.of(result.request().lens()));
        return json;
    }

    /// The tables of the only text, row by row: its entropies, all statistics, the most probable
    /// tokens. Of several points each by its name, in `points`.
    public static Map<String, Object> rows(ProfileResult result) {
        return ofPoints(
                result,
                there -> {
                    TextProfile text = there.texts().getFirst();
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("entropy", rounded(there.profile(text).entropy()));
                    statistics(json, there, text);
                    return json;
                });
    }

    private static Map<String, @Nullable Object> severalPoints(ProfileResult result) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        TextProfile first = result.texts().getFirst();
        boolean one = result.texts().size() == 1;
        if (one) {
            json.putAll(ids(result, first));
        }
        Map<String, Object> points = new LinkedHashMap<>();
        for (StreamPoint point : result.points()) {
            ProfileResult there = result.at(point);
            Map<String, Object> measured = layers(there);
            measured.putAll(one ? measured(there, first.at(point)) : overTexts(there));
            points.put(point.word(), measured);
        }
        json.put("points", points);
        json.put("halves", halves(result));
        return json;
    }

    /// Null where they were not read.
    private static @Nullable Map<String, Object> halves(ProfileResult result) {
        return Halves.of(result, result.windows())
                .map(halves -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("attention", rounded(halves.attention()));
                    json.put("mlp", rounded(halves.mlp()));
                    return json;
                })
                .orElse(null);
    }

    private static Map<String, Object> layers(ProfileResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("layer", numbers(result));
        json.put("depth", depths(result));
        return json;
    }

    private static Map<String, Object> overTexts(ProfileResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        double[][] profile = result.meanWindows(result.windows());
        json.put("profile", rounded(profile));
        json.put("spread", rounded(result.spreadWindows(result.windows())));
        json.put("delta", deltas(profile));
        return json;
    }

    private static Map<String, @Nullable Object> model(ProfileResult result) {
        DecoderConfig config = result.loaded().model().config();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", result.modelName());
        json.put("path", result.loaded().directory().toString());
        json.put("family", config.family());
        json.put("layers", config.nLayers());
        json.put("vocab", config.dVocab());
        json.put("dtype", result.loaded().dtype());
        json.put("quantisation", result.loaded().quantisation().orElse(null));
        json.put("d_model", config.dModel());
        json.put("n_ctx", config.nCtx());
        json.put("architectures", result.loaded().architectures());
        json.put("read_as", result.loaded().readAs().orElse(null));
        json.put("untrained_seed", Json.orNull(result.loaded().untrainedSeed()));
        json.put("adapters", AdapterJson.list(result.loaded()));
        json.put("config_sha256", result.loaded().configSha256());
        json.put("weights_header_sha256", result.loaded().weightsHeaderSha256());
        json.put("ignored_config_keys", result.loaded().ignoredConfigKeys());
        json.put("inert_config_keys", result.loaded().inertConfigKeys());
        json.put("untied_by_file", result.loaded().untiedByFile());
        return json;
    }

    /// Null where nothing is generated.
    private static @Nullable Map<String, Object> sampling(ProfileResult result) {
        return result.generated()
                .map(generated -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("temperature", generated.sampling().temperature());
                    json.put("top_p", generated.sampling().topP());
                    json.put("seed", generated.sampling().seed());
                    return json;
                })
                .orElse(null);
    }

    /// Null where the prompt is given as it is.
    private static @Nullable Map<String, Object> chat(ProfileResult result) {
        return result.chat()
                .map(chat -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("template", chat.template());
                    json.put("template_sha256", chat.sha256());
                    json.put("prompt", chat.text());
                    return json;
                })
                .orElse(null);
    }

    /// Null where no row came from another text.
    private static @Nullable Map<String, Object> patched(ProfileResult result) {
        return result.patched()
                .map(patched -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("from_ids", patched.ids());
                    json.put("rows", patched.sources().stream().map(ProfileJson::source).toList());
                    return json;
                })
                .orElse(null);
    }

    private static Map<String, Object> source(PatchSource source) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", source.point().word());
        json.put("layer", source.block() + 1);
        json.put("position", source.to());
        json.put("from_position", source.from());
        return json;
    }

    private static List<Integer> skipped(ProfileResult result) {
        return result.request().intervention().skipped().stream().map(block -> block + 1).toList();
    }

    private static Map<String, Object> scaled(ScaledBlock block) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("block", block.layer() + 1);
        json.put("attention", block.action().attention());
        json.put("mlp", block.action().mlp());
        return json;
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

    private static Map<String, Object> text(ProfileResult result, TextProfile one) {
        Map<String, Object> json = ids(result, one);
        if (result.points().size() == 1) {
            json.putAll(measured(result, one));
            return json;
        }
        Map<String, Object> points = new LinkedHashMap<>();
        for (StreamPoint point : result.points()) {
            points.put(point.word(), measured(result.at(point), one.at(point)));
        }
        json.put("points", points);
        return json;
    }

    private static Map<String, Object> ids(ProfileResult result, TextProfile one) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prompt_ids", one.promptIds());
        json.put("generated_ids", one.generatedIds());
        json.put("text", result.tokens().decode(one.generatedIds()));
        return json;
    }

    private static Map<String, Object> measured(ProfileResult result, TextProfile one) {
        Map<String, Object> json = new LinkedHashMap<>();
        EntropyProfile profile = result.profile(one);
        double[][] windowed = profile.windows(result.windows()).entropy();
        json.put("entropy", rounded(profile.entropy()));
        json.put("profile", rounded(windowed));
        json.put("spread", rounded(profile.windowSpreads(result.windows())));
        json.put("delta", deltas(windowed));
        statistics(json, result, one);
        return json;
    }

    private static void statistics(
            Map<String, Object> json, ProfileResult result, TextProfile one) {
        for (Statistic statistic : result.beside()) {
            json.put(statistic.name(), table(statistic, one.table(statistic)));
        }
        json.put("top_ids", one.topIds());
        json.put("top_probabilities", one.topProbabilities());
        json.put("top_tokens", topTokens(result, one));
    }

    /// Null for what is absent or not finite: a cell, or a whole row of what is absent.
    private static List<@Nullable Object> table(Statistic statistic, double[][] table) {
        List<@Nullable Object> rows = new ArrayList<>();
        for (double[] row : table) {
            boolean absent = statistic.mayBeAbsent() && Arrays.stream(row).allMatch(Double::isNaN);
            rows.add(
                    absent ? null : Arrays.stream(row).mapToObj(v -> shown(statistic, v)).toList());
        }
        return rows;
    }

    private static @Nullable Object shown(Statistic statistic, double value) {
        if (!Double.isFinite(value)) {
            return null;
        }
        return statistic.isCount() ? (Object) (long) value : (Object) (float) value;
    }

    private static String[][][] topTokens(ProfileResult result, TextProfile one) {
        return Arrays.stream(one.topIds())
                .map(layers ->
                        Arrays.stream(layers)
                                .map(ids -> tokens(result, ids))
                                .toArray(String[][]::new))
                .toArray(String[][][]::new);
    }

    private static String[] tokens(ProfileResult result, int[] ids) {
        return Arrays.stream(ids).mapToObj(id -> result.tokens().token(id)).toArray(String[]::new);
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
