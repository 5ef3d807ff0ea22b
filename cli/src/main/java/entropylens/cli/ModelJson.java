package entropylens.cli;

import entropylens.family.LoadedModel;
import entropylens.gguf.GgufSummary;
import entropylens.lens.SelfCheck;
import entropylens.result.AdapterJson;
import entropylens.result.Build;
import entropylens.result.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What `models --check` found out, as JSON. Keys are stable and described in docs/method.md; what
/// is not known is null.
final class ModelJson {
    private ModelJson() {}

    static Map<String, @Nullable Object> document(ModelCheck check) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("path", check.directory().toString());
        json.put("supported", check.loaded().isPresent());
        json.put("passed", check.passed());
        json.put("problems", check.problems());
        json.put("architectures", check.survey().architectures());
        json.put("model_type", check.survey().modelType().orElse(null));
        json.put("family", check.survey().family().orElse(null));
        json.put("read_as", check.readAs().orElse(null));
        json.put(
                "untrained_seed",
                Json.orNull(
                        check.loaded()
                                .map(LoadedModel::untrainedSeed)
                                .orElse(OptionalLong.empty())));
        json.put("adapters", check.loaded().map(AdapterJson::list).orElse(List.of()));
        json.put(
                "ignored_config_keys",
                check.loaded()
                        .<SortedMap<String, String>>map(LoadedModel::ignoredConfigKeys)
                        .orElseGet(TreeMap::new));
        json.put(
                "inert_config_keys",
                check.loaded()
                        .<SortedMap<String, String>>map(LoadedModel::inertConfigKeys)
                        .orElseGet(TreeMap::new));
        json.put("notes", check.notes());
        json.put("sizes", check.sizes());
        json.put("weights", weights(check));
        json.put("gguf", check.gguf().map(ModelJson::gguf).orElse(null));
        json.put("files", check.files());
        json.put("features", check.features());
        json.put("memory", check.memory().map(ModelJson::memory).orElse(null));
        json.put(
                "tokenizer_size",
                check.tokenizerSize().isPresent() ? check.tokenizerSize().getAsInt() : null);
        json.put("self_check", check.selfCheck().map(ModelJson::selfCheck).orElse(null));
        json.put("kernels", check.kernels());
        json.put("threads", check.threads());
        json.put("devices", check.devices());
        json.put("program", Json.program());
        json.put("jvm", Build.jvm());
        return json;
    }

    private static Map<String, @Nullable Object> weights(ModelCheck check) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("dtype", check.survey().dtype().orElse(null));
        json.put("quantisation", check.survey().quantisation().orElse(null));
        json.put("bytes", Json.orNull(check.survey().weightBytes()));
        json.put("parameters", check.loaded().map(LoadedModel::parameters).orElse(null));
        json.put(
                "tied",
                check.loaded()
                        .map(loaded -> loaded.model().config())
                        .or(() -> check.survey().config())
                        .map(config -> config.tiedUnembed())
                        .orElse(null));
        json.put("config_sha256", check.loaded().map(LoadedModel::configSha256).orElse(null));
        json.put(
                "weights_header_sha256",
                check.loaded().map(LoadedModel::weightsHeaderSha256).orElse(null));
        return json;
    }

    private static Map<String, @Nullable Object> gguf(GgufSummary gguf) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("architecture", gguf.architecture());
        json.put("type_bytes", gguf.types());
        json.put("unread_metadata", gguf.unread());
        return json;
    }

    private static Map<String, @Nullable Object> memory(ModelCheck.Memory memory) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("context", memory.plan().longest());
        json.put("batch", memory.plan().sequences());
        json.put("kv_cache_bytes", memory.plan().kvBytes());
        json.put("residual_bytes", memory.plan().streamBytes());
        json.put("scratch_bytes", memory.plan().scratchBytes());
        json.put("heap_bytes", memory.plan().total());
        json.put("heap_limit_bytes", memory.heapLimit());
        json.put("machine_bytes", memory.machine());
        json.put("fits", memory.fits());
        return json;
    }

    private static Map<String, @Nullable Object> selfCheck(SelfCheck.Result result) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("passed", result.passed());
        json.put("failures", result.failures());
        json.put("tokens", result.tokens());
        json.put("input", result.text() ? "text" : "noise");
        json.put("decode_difference", number(result.decoding()));
        json.put("batch_difference", number(result.batching()));
        json.put("bound", Double.isFinite(result.bound()) ? result.bound() : null);
        json.put("loss", number(result.loss()));
        json.put("shuffled_loss", number(result.shuffledLoss()));
        json.put("ln_vocab", (float) result.guessing());
        json.put("milliseconds", result.millis());
        return json;
    }

    private static @Nullable Float number(OptionalDouble value) {
        return value.isPresent() && Double.isFinite(value.getAsDouble())
                ? (float) value.getAsDouble()
                : null;
    }
}
