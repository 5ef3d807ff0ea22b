package entropylens.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Recognises checkpoints whose weights are quantised, by their configuration or by their tensors:
/// hands out the settings of a method that is read, and refuses the others by name.
public final class Quantised {

    /// What a configuration says of it.
    ///
    /// @param method as `quant_method` names it, in lower case
    /// @param settings the object that says it; its keys are watched
    /// @param key where that is, for messages
    public record Settings(String method, ConfigJson settings, String key) {}

    /// The methods whose checkpoints can be read.
    private static final Set<String> READ =
            Set.of(
                    "awq",
                    "bitsandbytes",
                    "compressed-tensors",
                    "fbgemm_fp8",
                    "fp8",
                    "gptq",
                    "mxfp4");

    /// Where a configuration says it, of a model by itself and of one inside another.
    private static final List<String> KEYS = List.of("quantization_config", "compression_config");

    private static final List<String> INNER = List.of("text_config", "llm_config");

    /// How a method that configurations name is called; others by the name itself.
    private static final Map<String, String> METHODS =
            Map.of(
                    "gptq", "GPTQ",
                    "awq", "AWQ",
                    "fp8", "FP8",
                    "fbgemm_fp8", "FP8 (FBGEMM)",
                    "hqq", "HQQ",
                    "aqlm", "AQLM",
                    "mxfp4", "MXFP4",
                    "modelopt", "NVIDIA ModelOpt");

    /// How a tensor's name ends, and what made it; the first that fits tells.
    private static final List<Map.Entry<String, String>> SUFFIXES =
            List.of(
                    Map.entry(".g_idx", "GPTQ"),
                    Map.entry(".qweight", "AWQ or GPTQ"),
                    Map.entry(".qzeros", "AWQ or GPTQ"),
                    Map.entry(".weight_scale_inv", "FP8 (in blocks)"),
                    Map.entry(".weight_packed", "compressed-tensors"),
                    Map.entry(".weight_scale", "compressed-tensors or FP8"),
                    Map.entry(".quant_map", "bitsandbytes (4 bit)"),
                    Map.entry(".absmax", "bitsandbytes (4 bit)"),
                    Map.entry(".SCB", "bitsandbytes (8 bit)"),
                    Map.entry(".W_q", "HQQ"),
                    Map.entry("_proj_blocks", "MXFP4"));

    private static final String ID = "[\\w.-]+/[\\w.-]+";
    private static final Pattern BASE_MODEL =
            Pattern.compile("(?m)^base_model:\\s*(?:-\\s*)?[\"']?(" + ID + ")");
    private static final int README_BYTES = 16_384;

    private Quantised() {}

    /// What the configuration says of how the weights are quantised; nothing where they are not.
    /// The object counts as read then, its keys do not.
    ///
    /// @throws CheckpointException when it is a method that is not read
    public static Optional<Settings> settings(ConfigJson json) {
        Optional<Settings> whole = settings(json, "", json);
        for (String inner : INNER) {
            if (whole.isEmpty() && json.json().get(inner) instanceof ObjectNode) {
                whole = json.object(inner).flatMap(nested -> settings(json, inner + ".", nested));
            }
        }
        return whole;
    }

    private static Optional<Settings> settings(ConfigJson json, String path, ConfigJson config) {
        for (String key : KEYS) {
            JsonNode how = config.json().path(key);
            if (how.isObject() && !isSwitchedOff(how)) {
                String method = method(how);
                if (!READ.contains(method)) {
                    String named = how.path("quant_method").asString("");
                    String where =
                            named.isEmpty()
                                    ? "by its " + path + key
                                    : "%s%s.quant_method = %s".formatted(path, key, named);
                    Path directory = json.file().resolveSibling("");
                    throw refusal(json.file(), described(how), where, base(directory, json.json()));
                }
                return config.object(key).map(found -> new Settings(method, found, path + key));
            }
        }
        return Optional.empty();
    }

    /// bitsandbytes once left its name out.
    private static String method(JsonNode how) {
        boolean bits =
                how.path("load_in_4bit").asBoolean(false)
                        || how.path("load_in_8bit").asBoolean(false);
        return how.path("quant_method")
                .asString(bits ? "bitsandbytes" : "")
                .toLowerCase(Locale.ROOT);
    }

    /// That a quantised checkpoint is of a variant that is not read.
    ///
    /// @param how the method, in words
    /// @param where what says so
    public static CheckpointException unread(ConfigJson json, String how, String where) {
        return refusal(json.file(), how, where, base(json.file().resolveSibling(""), json.json()));
    }

    /// bitsandbytes writes its settings also where it left the weights alone.
    private static boolean isSwitchedOff(JsonNode how) {
        return how.path("quant_method").asString("bitsandbytes").equals("bitsandbytes")
                && how.has("load_in_4bit")
                && how.has("load_in_8bit")
                && !how.path("load_in_4bit").asBoolean(true)
                && !how.path("load_in_8bit").asBoolean(true);
    }

    private static String described(JsonNode how) {
        boolean bits4 = how.path("load_in_4bit").asBoolean(false);
        boolean bits8 = how.path("load_in_8bit").asBoolean(false);
        String method = how.path("quant_method").asString(bits4 || bits8 ? "bitsandbytes" : "");
        if (method.isEmpty()) {
            return "a method that it does not name";
        }
        if (method.equals("bitsandbytes") && (bits4 || bits8)) {
            return "bitsandbytes (%d bit)".formatted(bits4 ? 4 : 8);
        }
        String name = METHODS.getOrDefault(method.toLowerCase(Locale.ROOT), method);
        return how.path("bits").isInt()
                ? "%s (%d bit)".formatted(name, how.path("bits").asInt())
                : name;
    }

    /// Stops the load when there is a tensor that only quantisation leaves, unless config.json
    /// names a method that is read.
    static void refuse(Path directory, List<WeightFile> files) {
        if (isRead(directory.resolve("config.json"))) {
            return;
        }
        for (WeightFile file : files) {
            var names = file.names();
            for (var suffix : SUFFIXES) {
                for (String name : names) {
                    if (name.endsWith(suffix.getKey()) || isState(name, suffix.getKey())) {
                        throw refusal(
                                file, suffix.getValue(), "it has tensor '" + name + "'", directory);
                    }
                }
            }
            for (Tensor tensor : file.tensors().values()) {
                if (tensor.dtype() == DType.F8_E4M3 || tensor.dtype() == DType.F8_E5M2) {
                    String where = "tensor '%s' is %s".formatted(tensor.name(), tensor.dtype());
                    throw refusal(file, "FP8", where, directory);
                }
            }
        }
    }

    private static boolean isRead(Path config) {
        try {
            return settings(ConfigJson.read(config)).isPresent();
        } catch (CheckpointException _) {
            return false; // whoever reads the configuration says why
        }
    }

    private static CheckpointException refusal(
            WeightFile file, String how, String where, Path directory) {
        return refusal(file.path(), how, where, base(directory));
    }

    /// Whether it is `weight.quant_state.bitsandbytes__nf4` or its like.
    private static boolean isState(String name, String suffix) {
        return suffix.equals(".quant_map") && name.contains(".quant_state.");
    }

    private static CheckpointException refusal(
            Path file, String how, String where, Optional<String> base) {
        return new CheckpointException(
                "%s: this checkpoint is quantised with %s (%s); entropy-lens reads %s weights, and FP8, MXFP4, compressed-tensors, GPTQ, AWQ and bitsandbytes as docs/models.md says: use the unquantised checkpoint%s"
                        .formatted(
                                file,
                                how,
                                where,
                                DType.computable(),
                                base.map(name -> ", probably " + name).orElse("")));
    }

    private static Optional<String> base(Path directory) {
        Path config = directory.resolve("config.json");
        try {
            return base(directory, ConfigJson.read(config).json());
        } catch (CheckpointException _) {
            return Optional.empty(); // the refusal is about the weights
        }
    }

    /// What was quantised, as the model card says, or else the configuration.
    private static Optional<String> base(Path directory, ObjectNode config) {
        Matcher card = BASE_MODEL.matcher(frontMatter(directory.resolve("README.md")));
        if (card.find()) {
            return Optional.of(card.group(1));
        }
        return Optional.of(config.path("_name_or_path").asString(""))
                .filter(name -> name.matches(ID))
                .filter(name ->
                        !name.matches("(?i).*(gptq|awq|quant|bnb|[48]-?bit|fp8|int[48]).*"));
    }

    /// The first lines of a model card, between two lines of dashes.
    private static String frontMatter(Path readme) {
        if (!Files.isRegularFile(readme)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(readme)) {
            String text = new String(in.readNBytes(README_BYTES), StandardCharsets.UTF_8);
            int end = text.indexOf("\n---", 3);
            return text.startsWith("---") && end > 0 ? text.substring(0, end) : "";
        } catch (IOException _) {
            return "";
        }
    }
}
