package entropylens.quantised;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.Quantised;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How one group of modules is quantised, as `config_groups` says it.
///
/// @param floats whether codes are floats of 8 bits
/// @param bits of a code
/// @param block that shares a scale; of no length where scales are not of blocks
/// @param described in few words
record CompressedScheme(boolean floats, int bits, int[] block, String described) {
    private static final Set<String> READ =
            Set.of(
                    "dense",
                    "float-quantized",
                    "int-quantized",
                    "mixed-precision",
                    "naive-quantized",
                    "pack-quantized");

    /// All groups.
    ///
    /// @throws CheckpointException when one is of a kind that is not read
    static List<CompressedScheme> all(ConfigJson json, Quantised.Settings found) {
        ConfigJson settings = found.settings();
        settings.withoutEffect(
                "global_compression_ratio",
                "ignore",
                "kv_cache_scheme",
                "quantization_status",
                "run_compressed",
                "version");
        requireRead(json, found.key() + ".format", settings.string("format"));
        settings.object("sparsity_config")
                .filter(sparsity -> !sparsity.keys().isEmpty())
                .ifPresent(sparsity -> {
                    requireRead(
                            json,
                            found.key() + ".sparsity_config.format",
                            sparsity.string("format").or(() -> Optional.of("none")));
                    sparsity.withoutEffect(
                            "global_sparsity",
                            "ignore",
                            "registry_requires_subclass",
                            "sparsity_structure",
                            "targets");
                });
        settings.object("transform_config")
                .filter(transforms -> !transforms.keys().isEmpty())
                .ifPresent(transforms -> {
                    throw refusal(json, "rotations", found.key() + ".transform_config");
                });
        List<CompressedScheme> schemes = new ArrayList<>();
        Optional<ConfigJson> groups = settings.object("config_groups");
        for (String name : groups.map(ConfigJson::keys).orElse(List.of())) {
            groups.flatMap(all -> all.object(name))
                    .ifPresent(group ->
                            schemes.add(of(json, group, found.key() + ".config_groups." + name)));
        }
        if (schemes.isEmpty()) {
            throw refusal(json, "no config_groups", found.key());
        }
        return List.copyOf(schemes);
    }

    private static CompressedScheme of(ConfigJson json, ConfigJson group, String key) {
        group.withoutEffect("input_activations", "output_activations", "targets");
        requireRead(json, key + ".format", group.string("format"));
        ConfigJson weights =
                group.object("weights").orElseThrow(() -> refusal(json, "no weights", key));
        weights.withoutEffect(
                "actorder", "dynamic", "observer", "observer_kwargs", "scale_dtype", "zp_dtype");
        int bits = weights.intOr("num_bits", 8);
        String type = weights.stringOr("type", "int");
        boolean floats = type.equals("float");
        if (!(floats ? bits == 8 : type.equals("int") && (bits == 4 || bits == 8))) {
            throw refusal(json, type + bits, key + ".weights");
        }
        int[] block = Blocks.of(weights, "block_structure");
        if (block.length == 0 && weights.stringOr("strategy", "").equals("block")) {
            throw refusal(json, "blocks of unknown size", key + ".weights");
        }
        return new CompressedScheme(floats, bits, block, described(weights, floats, bits, block));
    }

    private static String described(ConfigJson weights, boolean floats, int bits, int[] block) {
        int size = weights.anyIntOr("group_size", -1);
        String strategy = weights.stringOr("strategy", size > 0 ? "group" : "tensor");
        String scales =
                switch (strategy) {
                    case "group" -> "groups of " + size;
                    case "block" -> Blocks.described(block);
                    case "channel" -> "a scale per output";
                    default -> "a scale per matrix";
                };
        boolean symmetric = weights.boolOr("symmetric", true);
        return (floats ? "fp8 e4m3, " : "int" + bits + ", ")
                + scales
                + (symmetric ? "" : ", zero points");
    }

    private static void requireRead(ConfigJson json, String key, Optional<String> format) {
        format.filter(name -> !READ.contains(name))
                .ifPresent(name -> {
                    throw refusal(json, name, key + " = " + name);
                });
    }

    private static CheckpointException refusal(ConfigJson json, String how, String where) {
        return Quantised.unread(json, "compressed-tensors (" + how + ")", where);
    }
}
