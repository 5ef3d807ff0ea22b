package entropylens.adapter;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// An `adapter_config.json` of PEFT, as far as it matters for the forward pass.
///
/// @param file it was read from
/// @param sha256 of the file
/// @param baseModel as it names it
/// @param rank r, where no pattern says another
/// @param alpha α, where no pattern says another
/// @param rankStabilised divide α by `√r` (rsLoRA), not by r
/// @param dora whether rows have a magnitude of their own
/// @param bias the biases that the adapter replaces
/// @param saved modules that it keeps whole
/// @param targets modules that it adapts
/// @param ranks by pattern, the first that matches counts
/// @param alphas by pattern, the first that matches counts
record AdapterConfig(
        Path file,
        String sha256,
        Optional<String> baseModel,
        int rank,
        double alpha,
        boolean rankStabilised,
        boolean dora,
        Bias bias,
        List<String> saved,
        Targets targets,
        Map<NamePattern, Integer> ranks,
        Map<NamePattern, Double> alphas) {
    private static final int MAX_RANK = 8_192;
    private static final int MAX_NAMES = 20_000;
    private static final double ALPHA = 8;

    /// Beginnings of an adapter that leave the base model's weights as they are.
    private static final Set<String> HARMLESS_BEGINNINGS =
            Set.of("gaussian", "eva", "orthogonal", "mica");

    enum Bias {
        NONE,
        /// Of adapted modules.
        LORA_ONLY,
        ALL
    }

    static AdapterConfig read(Path directory) {
        ConfigJson json = ConfigJson.read(directory.resolve("adapter_config.json"));
        String type = json.stringOr("peft_type", "LORA");
        if (!type.equals("LORA")) {
            throw new CheckpointException(
                    "%s: peft_type is '%s', and only LORA is read (LoRA, rsLoRA, DoRA); merge this adapter into its model with PEFT"
                            .formatted(json.file(), type));
        }
        refuseOtherComputation(json);
        withoutEffect(json);
        PythonPattern.Steps steps = new PythonPattern.Steps(json.file());
        List<String> saved = json.strings("modules_to_save");
        requireFew(json, "modules_to_save", saved.size());
        int rank = rank(json, "r", json.intOr("r", 8));
        AdapterConfig config =
                new AdapterConfig(
                        json.file(),
                        json.sha256(),
                        json.string("base_model_name_or_path"),
                        rank,
                        json.doubleOr("lora_alpha", ALPHA),
                        json.boolOr("use_rslora", false),
                        json.boolOr("use_dora", false),
                        bias(json),
                        saved,
                        Targets.read(json, saved, steps),
                        patterns(
                                json,
                                steps,
                                "rank_pattern",
                                (values, key) -> rank(json, key, values.requireInt(key))),
                        patterns(json, steps, "alpha_pattern", ConfigJson::requireDouble));
        json.refuseUnread(Set.of());
        return config;
    }

    private static void requireFew(ConfigJson json, String key, int count) {
        if (count > MAX_NAMES) {
            throw new CheckpointException(
                    "%s: %s has %,d entries, and at most %,d are read; shorten it"
                            .formatted(json.file(), key, count, MAX_NAMES));
        }
    }

    private static int rank(ConfigJson json, String key, int rank) {
        if (rank < 1 || rank > MAX_RANK) {
            throw new CheckpointException(
                    "%s: the rank of %s is %,d, but must be from 1 to %,d; correct the file or download it again"
                            .formatted(json.file(), key, rank, MAX_RANK));
        }
        return rank;
    }

    /// What would make the forward pass another one.
    private static void refuseOtherComputation(ConfigJson json) {
        String another = "it changes what the adapter computes, in a way that is not implemented";
        for (String key : List.of("use_qalora", "lora_bias", "ensure_weight_tying")) {
            json.mustBe(key, false, another);
        }
        for (String key :
                List.of(
                        "alora_invocation_tokens",
                        "arrow_config",
                        "enable_lora",
                        "kasa_config",
                        "layer_replication",
                        "megatron_config",
                        "monteclora_config",
                        "target_parameters",
                        "trainable_token_indices",
                        "use_bdlora")) {
            if (json.isEmpty(key)) {
                json.withoutEffect(key);
            } else {
                json.mustBeAbsent(key, another);
            }
        }
        String key = "init_lora_weights";
        if (json.isString(key)) {
            String beginning = json.requireString(key);
            if (!HARMLESS_BEGINNINGS.contains(beginning)) {
                throw new CheckpointException(
                        "%s: init_lora_weights is '%s', with which PEFT changes the base model's weights when it loads the adapter; convert it with PEFT (save_pretrained with path_initial_model_for_weight_conversion), or, if it was saved beside its own base, set the key to true"
                                .formatted(json.file(), beginning));
            }
        } else {
            json.boolOr(key, true);
        }
    }

    /// For training, for the record, or implied by the kind of the module.
    private static void withoutEffect(ConfigJson json) {
        json.withoutEffect(
                "auto_mapping",
                "corda_config",
                "eva_config",
                "fan_in_fan_out", // of the base's matrix; A and B are stored one way only
                "inference_mode",
                "loftq_config",
                "lora_dropout",
                "lora_ga_config",
                "megatron_core",
                "merge_weights",
                "peft_version",
                "qalora_group_size",
                "revision",
                "runtime_config",
                "task_type",
                "velora_config"); // of the backward pass
    }

    private static Bias bias(ConfigJson json) {
        String bias = json.stringOr("bias", "none");
        return switch (bias) {
            case "none" -> Bias.NONE;
            case "lora_only" -> Bias.LORA_ONLY;
            case "all" -> Bias.ALL;
            default ->
                    throw new CheckpointException(
                            "%s: bias is '%s', but must be none, lora_only or all; correct the file"
                                    .formatted(json.file(), bias));
        };
    }

    private static <T> Map<NamePattern, T> patterns(
            ConfigJson json,
            PythonPattern.Steps steps,
            String key,
            BiFunction<ConfigJson, String, T> value) {
        Map<NamePattern, T> patterns = new LinkedHashMap<>();
        json.object(key)
                .ifPresent(values -> {
                    List<String> keys = values.keys();
                    requireFew(json, key, keys.size());
                    for (String name : keys) {
                        patterns.put(new NamePattern(steps, name), value.apply(values, name));
                    }
                });
        return patterns;
    }

    /// r of a module.
    int rank(String module) {
        return first(ranks, module, rank);
    }

    /// What multiplies `B A` of a module: `α / r`, or `α / √r`.
    double scaling(String module) {
        int r = rank(module);
        return first(alphas, module, alpha) / (rankStabilised ? Math.sqrt(r) : r);
    }

    private static <T> T first(Map<NamePattern, T> patterns, String module, T otherwise) {
        for (var entry : patterns.entrySet()) {
            if (entry.getKey().matches(module)) {
                return entry.getValue();
            }
        }
        return otherwise;
    }

    /// `LoRA`, `rsLoRA`, `DoRA` or `rsDoRA`.
    String kind() {
        return (rankStabilised ? "rs" : "") + (dora ? "DoRA" : "LoRA");
    }
}
