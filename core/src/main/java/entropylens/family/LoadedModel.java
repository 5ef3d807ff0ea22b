package entropylens.family;

import entropylens.adapter.Adapters;
import entropylens.adapter.AppliedAdapter;
import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.MappedFiles;
import entropylens.checkpoint.Quantised;
import entropylens.kernels.Backend;
import entropylens.model.DecoderConfig;
import entropylens.model.Model;
import entropylens.model.Weights;
import entropylens.quantised.Quantisation;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A model read from a directory in the Hugging Face layout, and where it came from.
///
/// @param architectures as config.json names them
/// @param readAs the family it was read as on request, whatever its architecture
/// @param untrainedSeed what its weights were drawn from, where they are not those of the files
/// @param adapters that are applied to it, in their order
/// @param parameters weights of the model, counted from its tensors; a tied W_U is no second matrix
/// @param dtype how most weights that are not quantised are stored, in safetensors' words
/// @param quantisation how the others are, in few words, where there are any
/// @param weightBytes size of all weights
/// @param stopIds tokens that end a text, from generation_config.json or else config.json
/// @param beginIds the token that begins a text, if the configuration names one
/// @param ignoredConfigKeys keys that were not understood and ignored on request, with their values
/// @param inertConfigKeys keys that transformers does not read in this architecture, with their
///   values
/// @param tensorsLeftOut how many tensors are of blocks behind the last, which predict tokens
///   further ahead (multi-token prediction) and take no part
/// @param untiedByFile whether the configuration ties W_U to W_E, but the file holds another W_U
/// @param configSha256 of config.json
/// @param weightsHeaderSha256 of the headers of the weight files
/// @param files that its weights are read from as long as it is used
/// @param contentSha256 of the content of the weight files, computed when it is asked for: every
///   byte is read, except of files in the Hugging Face cache
public record LoadedModel(
        Model model,
        Path directory,
        List<String> architectures,
        Optional<String> readAs,
        OptionalLong untrainedSeed,
        List<AppliedAdapter> adapters,
        long parameters,
        String dtype,
        Optional<String> quantisation,
        long weightBytes,
        SortedSet<Integer> stopIds,
        SortedSet<Integer> beginIds,
        SortedMap<String, String> ignoredConfigKeys,
        SortedMap<String, String> inertConfigKeys,
        int tensorsLeftOut,
        boolean untiedByFile,
        String configSha256,
        String weightsHeaderSha256,
        MappedFiles files,
        Supplier<String> contentSha256) {

    /// Loads a model as its configuration describes it.
    public static LoadedModel load(Path directory, Arena arena, Backend backend) {
        return load(directory, arena, backend, LoadOptions.NONE);
    }

    /// Loads the model in `directory`; its weights are mapped into `arena`, which the caller owns.
    /// Untrained ones are allocated in it.
    ///
    /// @throws CheckpointException when anything is missing, damaged, not supported or not
    ///   understood
    public static LoadedModel load(
            Path directory, Arena arena, Backend backend, LoadOptions options) {
        ModelFiles files = ModelFiles.at(directory, arena);
        ConfigJson json = files.config();
        Quantised.settings(json); // a method that is not read is named before anything else
        Family family = Families.of(json, options.family());
        Checkpoint checkpoint = files.checkpoint();
        return checkpoint
                .mapped()
                .reading(() -> of(files, json, family, checkpoint, arena, backend, options));
    }

    private static LoadedModel of(
            ModelFiles files,
            ConfigJson json,
            Family family,
            Checkpoint checkpoint,
            Arena arena,
            Backend backend,
            LoadOptions options) {
        Path directory = checkpoint.directory();
        json.boundSizes(checkpoint);
        Optional<Quantisation> quantisation = Quantisation.of(json, checkpoint);
        Family.Blueprint blueprint = Families.blueprint(family, json);
        SortedSet<Integer> stopIds = ids(json, "eos_token_id");
        SortedSet<Integer> beginIds = ids(json, "bos_token_id");
        ConfigJson.Unread unread =
                json.refuseUnread(options.ignoredKeys(), key -> files.matters(family, json, key));
        DecoderConfig config = blueprint.config();
        Adapters adapters = Adapters.open(options.adapters(), directory, arena, backend.pool());
        TensorReader tensors =
                new TensorReader(
                        checkpoint,
                        new TensorNames(checkpoint, family),
                        adapters,
                        initial(json, arena, backend, options.untrainedSeed()),
                        tensor -> family.initialScale(tensor, config),
                        quantisation.orElse(null));
        Weights weights = blueprint.weights().apply(tensors);
        checkpoint.refuseLeftOver(tensor ->
                family.harmless(tensor)
                        || blueprint.leavesOut(tensor)
                        || quantisation.filter(how -> how.harmless(tensor)).isPresent());
        adapters.refuseLeftOver();
        boolean untied =
                config.tiedUnembed() && weights.readout().unembed() != weights.embedding().tokens();
        return new LoadedModel(
                new Model(untied ? config.untied() : config, weights, backend),
                directory,
                json.strings("architectures"),
                options.family(),
                options.untrainedSeed(),
                adapters.applied(),
                tensors.parameters(),
                checkpoint.dtype().name(),
                options.untrainedSeed().isPresent()
                        ? Optional.empty()
                        : files.quantisation().or(() -> quantisation.map(Quantisation::described)),
                checkpoint.bytes(),
                generationStopIds(directory, stopIds),
                beginIds,
                unread.ignored(),
                unread.inert(),
                Math.toIntExact(checkpoint.names().stream().filter(blueprint::leavesOut).count()),
                tensors.untiedByFile(),
                json.sha256(),
                checkpoint.sha256(),
                options.untrainedSeed().isPresent()
                        ? MappedFiles.NONE
                        : checkpoint.mapped().and(adapters.mapped()),
                checkpoint::contentSha256);
    }

    /// What the model begins with, where that is what is asked for.
    private static @Nullable InitialWeights initial(
            ConfigJson json, Arena arena, Backend backend, OptionalLong seed) {
        return seed.isEmpty()
                ? null
                : new InitialWeights(
                        seed.getAsLong(), InitialWeights.std(json), arena, backend.pool());
    }

    /// generation_config.json, where there is one, says what ends a text; chat models have several
    /// such tokens.
    private static SortedSet<Integer> generationStopIds(
            Path directory, SortedSet<Integer> otherwise) {
        Path file = directory.resolve("generation_config.json");
        if (!Files.exists(file)) {
            return otherwise;
        }
        SortedSet<Integer> ids = ids(ConfigJson.read(file), "eos_token_id");
        return ids.isEmpty() ? otherwise : ids;
    }

    /// One id, a list of ids, or none.
    private static SortedSet<Integer> ids(ConfigJson json, String key) {
        SortedSet<Integer> ids = new TreeSet<>();
        for (int id : json.ints(key)) {
            ids.add(id);
        }
        return ids;
    }
}
