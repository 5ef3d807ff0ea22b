package entropylens.translators;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Backend;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// The tuned lens (Belrose et al., arXiv 2303.08112): `W_U · norm(h + A_i h + b_i)`.
///
/// Its directory, as `tuned-lens` 0.2 writes it: `config.json`, and in `params.pt` the state dict
/// of the translators, `i.weight` and `i.bias`. Translator i was trained on `hidden_states[i]` of
/// transformers, what block i reads: 0 is the embedding. There is none for the output of the last
/// block. Keys of the configuration that the package does not know, it leaves out; so do we.
final class TunedDirectory {
    static final String CONFIG = "config.json";
    static final String PARAMETERS = "params.pt";
    static final String KIND = "linear_tuned_lens";

    /// What [TunedWriter] adds.
    static final String OURS = "entropy_lens";

    private TunedDirectory() {}

    static OpenLens open(Path directory, Backend backend, Arena arena) {
        ConfigJson config = ConfigJson.read(directory.resolve(CONFIG));
        requireLinear(config);
        Path file = directory.resolve(PARAMETERS);
        Checkpoint parameters = Checkpoint.ofFile(file, arena);
        LensTensors tensors =
                new LensTensors(file, parameters, config.requireInt("d_model"), backend);
        int layers = config.requireInt("num_hidden_layers");
        boolean biased = config.boolOr("bias", true);
        SortedMap<Integer, Translator> translators = new TreeMap<>();
        for (int i = 0; i < layers; i++) {
            translators.put(
                    i,
                    new Translator.Affine(
                            tensors.linear(i + ".weight", biased ? i + ".bias" : null), true));
        }
        tensors.refuseLeftOver();
        Optional<String> model = config.string("base_model_name_or_path");
        Lens.MadeFor madeFor =
                new Lens.MadeFor(
                        OptionalInt.of(tensors.dModel()),
                        OptionalInt.of(layers),
                        model,
                        Optional.empty());
        Lens.Origin origin =
                new Lens.Origin(directory, Checkpoint.sha256(file), facts(config, model));
        return new OpenLens(
                new Lens("tuned", Optional.of(origin), madeFor, translators), parameters.mapped());
    }

    private static void requireLinear(ConfigJson config) {
        String kind = config.stringOr("lens_type", KIND);
        if (!kind.equals(KIND)) {
            throw new CheckpointException(
                    "%s: lens_type is '%s', but only '%s' is read"
                            .formatted(config.file(), kind, KIND));
        }
    }

    private static SortedMap<String, String> facts(ConfigJson config, Optional<String> model) {
        SortedMap<String, String> facts = new TreeMap<>();
        model.ifPresent(name -> facts.put("base_model_name_or_path", name));
        config.string("base_model_revision")
                .ifPresent(revision -> facts.put("base_model_revision", revision));
        config.string("unembed_hash").ifPresent(hash -> facts.put("unembed_hash", hash));
        config.object(OURS)
                .ifPresent(own ->
                        own.keys().stream()
                                .filter(own::isString)
                                .forEach(key -> facts.put(key, own.requireString(key))));
        return facts;
    }
}
