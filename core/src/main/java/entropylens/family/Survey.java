package entropylens.family;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.DecoderConfig;
import entropylens.quantised.Quantisation;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What can be said of a checkpoint whether or not it can be loaded. What a damaged or foreign file
/// does not tell is missing here; why it cannot be loaded, [LoadedModel#load] says.
///
/// @param architectures as config.json names them
/// @param modelType as config.json has it
/// @param family that reads it: the one asked for, or that of the architecture
/// @param config what the family makes of config.json, be there keys that it does not know
/// @param sizes by name, as far as they are known: `n_layers`, `d_model`, `n_heads`, `n_kv_heads`,
///   `d_head`, `d_mlp`, `d_vocab`, `n_ctx`
/// @param dtype how most weights that are not quantised are stored; what config.json says where
///   they cannot be opened
/// @param quantisation how the others are, in few words, where there are any
/// @param weightBytes size of all weights
public record Survey(
        List<String> architectures,
        Optional<String> modelType,
        Optional<String> family,
        Optional<DecoderConfig> config,
        Map<String, Integer> sizes,
        Optional<String> dtype,
        Optional<String> quantisation,
        OptionalLong weightBytes) {

    /// Keys under which configurations of many kinds have their sizes.
    private static final Map<String, List<String>> KEYS = keys();

    private static Map<String, List<String>> keys() {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        keys.put("n_layers", List.of("num_hidden_layers", "n_layer", "n_layers", "num_layers"));
        keys.put("d_model", List.of("hidden_size", "n_embd", "n_embed", "d_model"));
        keys.put("n_heads", List.of("num_attention_heads", "n_head", "n_heads", "num_heads"));
        keys.put("n_kv_heads", List.of("num_key_value_heads", "n_head_kv", "num_kv_heads"));
        keys.put("d_head", List.of("head_dim"));
        keys.put("d_mlp", List.of("intermediate_size", "n_inner", "ffn_dim", "d_ff"));
        keys.put("d_vocab", List.of("vocab_size"));
        keys.put("n_ctx", List.of("max_position_embeddings", "n_positions", "max_seq_len"));
        return keys;
    }

    /// Looks at the files of a directory; of the weights, at their headers.
    public static Survey of(Path directory, LoadOptions options) {
        try (Arena arena = Arena.ofConfined()) {
            return of(attempt(() -> ModelFiles.at(directory, arena)), options);
        }
    }

    private static Survey of(Optional<ModelFiles> files, LoadOptions options) {
        Optional<ConfigJson> json = files.flatMap(found -> attempt(found::config));
        Optional<Family> family =
                json.flatMap(file -> attempt(() -> Families.of(file, options.family())));
        Optional<Checkpoint> checkpoint = files.flatMap(found -> attempt(found::checkpoint));
        checkpoint.ifPresent(weights -> json.ifPresent(file -> file.boundSizes(weights)));
        Optional<String> dtype =
                checkpoint
                        .map(weights -> weights.dtype().name())
                        .or(() ->
                                json.flatMap(file ->
                                        string(file, "dtype")
                                                .or(() -> string(file, "torch_dtype"))));
        OptionalLong bytes = checkpoint.stream().mapToLong(Checkpoint::bytes).findFirst();
        Optional<String> quantisation = files.flatMap(ModelFiles::quantisation);
        if (quantisation.isEmpty()) {
            quantisation =
                    checkpoint.flatMap(weights ->
                            json.flatMap(file ->
                                    attempt(() -> Quantisation.of(file, weights).orElse(null))
                                            .map(Quantisation::described)));
        }
        Optional<DecoderConfig> config =
                json.flatMap(file -> family.flatMap(f -> attempt(() -> config(f, file))));
        return new Survey(
                json.flatMap(file -> attempt(() -> file.strings("architectures")))
                        .orElse(List.of()),
                json.flatMap(file -> string(file, "model_type")),
                family.map(Family::name),
                config,
                config.map(Survey::sizes).or(() -> json.map(Survey::sizes)).orElse(Map.of()),
                dtype,
                quantisation,
                bytes);
    }

    private static DecoderConfig config(Family family, ConfigJson json) {
        return Families.blueprint(family, json).config();
    }

    /// The sizes of a model.
    public static Map<String, Integer> sizes(DecoderConfig config) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        sizes.put("n_layers", config.nLayers());
        sizes.put("d_model", config.dModel());
        config.attentions().stream()
                .findFirst()
                .ifPresent(attention -> {
                    sizes.put("n_heads", attention.nHeads());
                    sizes.put("n_kv_heads", attention.nKvHeads());
                    sizes.put("d_head", attention.dHead());
                });
        sizes.put("d_mlp", config.dMlp());
        sizes.put("d_vocab", config.dVocab());
        sizes.put("n_ctx", config.nCtx());
        return sizes;
    }

    /// The sizes that a configuration names, be it of a model that also sees or hears.
    static Map<String, Integer> sizes(ConfigJson json) {
        ConfigJson text = attempt(() -> json.object("text_config").orElse(json)).orElse(json);
        Map<String, Integer> sizes = new LinkedHashMap<>();
        KEYS.forEach((name, keys) ->
                Stream.of(text, json)
                        .flatMap(at -> keys.stream().map(key -> integer(at, key)))
                        .flatMapToInt(OptionalInt::stream)
                        .findFirst()
                        .ifPresent(size -> sizes.put(name, size)));
        return sizes;
    }

    private static OptionalInt integer(ConfigJson json, String key) {
        return attempt(() -> json.optionalInt(key)).orElse(OptionalInt.empty());
    }

    private static Optional<String> string(ConfigJson json, String key) {
        return attempt(() -> json.string(key)).flatMap(found -> found);
    }

    private static <T> Optional<T> attempt(Supplier<? extends @Nullable T> reading) {
        try {
            return Optional.ofNullable(reading.get());
        } catch (CheckpointException e) {
            return Optional.empty();
        }
    }
}
