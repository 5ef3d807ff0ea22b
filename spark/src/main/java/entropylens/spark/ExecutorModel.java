package entropylens.spark;

import entropylens.EntropyLens;
import entropylens.batch.BatchIdentity;
import entropylens.batch.BatchModel;
import entropylens.batch.BatchSettings;
import entropylens.batch.ModelIdentity;
import entropylens.batch.Shard;
import entropylens.chat.ChatForm;
import entropylens.checkpoint.CheckpointException;
import entropylens.data.Manifest;
import entropylens.hub.HubException;
import entropylens.hub.HubSettings;
import entropylens.hub.Models;
import entropylens.hub.ShippedModels;
import entropylens.lens.StreamPoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A model of this executor: opened by the first task that needs it, shared by all, until the
/// process ends.
final class ExecutorModel {
    private static final Map<Key, ExecutorModel> OPEN = new ConcurrentHashMap<>();

    private final BatchModel model;
    private @Nullable Map<String, String> identity;

    private record Key(Object model, int threads) {}

    private ExecutorModel(BatchModel model) {
        this.model = model;
    }

    /// The model that the settings name.
    ///
    /// @throws SparkBatchException when this executor cannot use it
    static ExecutorModel of(SparkSettings settings) {
        int threads = settings.threads() > 0 ? settings.threads() : ExecutorShare.here().threads();
        return OPEN.computeIfAbsent(
                new Key(settings.terms().modelKey(), threads), _ -> open(settings, threads));
    }

    private static ExecutorModel open(SparkSettings settings, int threads) {
        try {
            HubSettings hub =
                    HubSettings.of(System.getenv(), Path.of(System.getProperty("user.home", ".")));
            Path directory = find(settings.model(), hub);
            BatchTerms terms = settings.terms();
            Optional<ChatForm> chat = terms.form(directory);
            EntropyLens lens = EntropyLens.open(directory, terms.loadOptions(hub), threads);
            String name = Models.nameOf(directory) + ModelIdentity.adapters(lens.loaded());
            return new ExecutorModel(new BatchModel(name, lens, chat));
        } catch (CheckpointException | HubException e) {
            throw new SparkBatchException(
                    "%s cannot use the model %s: %s; weights are mapped from an executor's own disk, so every host needs them under the same path"
                            .formatted(ExecutorShare.name(), settings.model(), e.getMessage()),
                    e);
        }
    }

    private static Path find(String name, HubSettings hub) {
        return Models.path(name, hub)
                .or(() -> ShippedModels.find(name))
                .orElseGet(() -> Models.find(name, hub));
    }

    BatchModel model() {
        return model;
    }

    /// Hashes and type of the weights. Every byte of them is read for it, once.
    synchronized Map<String, String> identity() {
        Map<String, String> known = identity;
        if (known == null) {
            known = ModelIdentity.of(model.lens().loaded());
            known.putAll(ModelIdentity.of(model.chat()));
            identity = known;
        }
        return known;
    }

    /// What this executor says of it, for a run of these settings and any prompts.
    ModelFacts facts(SparkSettings settings) {
        Map<String, ? extends @Nullable Object> identity =
                BatchIdentity.of(
                        settings.terms().settings(),
                        Shard.WHOLE,
                        List.of(),
                        settings.terms().columns(),
                        settings.terms().chatIdentity(),
                        Map.of(model.name(), identity()),
                        model.lens().kernels());
        return new ModelFacts(
                model.name(),
                new TreeMap<>(identity()),
                model.lens().kernels(),
                Manifest.of(identity, Map.of()).run());
    }

    /// @param expected what another executor said
    /// @throws SparkBatchException when this one would make other numbers
    void requireSame(ModelFacts expected) {
        Map<String, String> there = new TreeMap<>(expected.identity());
        Map<String, String> here = new TreeMap<>(identity());
        there.put("kernels", expected.kernels());
        here.put("kernels", model.lens().kernels());
        for (String key : here.keySet()) {
            if (!Objects.equals(here.get(key), there.get(key))) {
                throw new SparkBatchException(
                        "%s would make other numbers than the first: of the model %s, %s is %s here, but %s there; every executor needs the same files, JVM flags and kind of processor"
                                .formatted(
                                        ExecutorShare.name(),
                                        model.name(),
                                        key,
                                        here.get(key),
                                        there.get(key)));
            }
        }
    }

    /// @throws SparkBatchException when the model has not what is asked for
    void requireFits(BatchSettings settings) {
        int dVocab = model.lens().model().config().dVocab();
        if (settings.readout().topK() > dVocab) {
            throw new SparkBatchException(
                    "top-k is %d, but the model's vocabulary has only %d tokens"
                            .formatted(settings.readout().topK(), dVocab));
        }
        try {
            settings.intervention().requireWithin(model.lens().model().config().nLayers());
        } catch (IllegalArgumentException e) {
            throw new SparkBatchException("skip-blocks: " + e.getMessage(), e);
        }
        try {
            StreamPoint.requireIn(model.lens().model().config(), settings.points());
        } catch (IllegalArgumentException e) {
            throw new SparkBatchException("at: " + e.getMessage(), e);
        }
    }

    /// Lets go of all models of this process. To be called when no task runs.
    static void closeAll() {
        OPEN.values().forEach(open -> open.model.lens().close());
        OPEN.clear();
    }
}
