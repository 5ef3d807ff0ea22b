package entropylens.pull;

import entropylens.checkpoint.Remedy;
import entropylens.hub.FileNames;
import entropylens.hub.GgufChoice;
import entropylens.hub.HubException;
import entropylens.hub.ModelId;
import entropylens.hub.ModelName;
import entropylens.hub.WeightNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// The files of a model on the hub, and which of them are needed to run it.
final class FileList {
    private static final String CONFIG = "config.json";

    /// Beside the weights. Whatever of it is there is fetched.
    private static final List<String> WANTED =
            List.of(
                    CONFIG,
                    "generation_config.json",
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "added_tokens.json",
                    "vocab.json",
                    "merges.txt",
                    "tokenizer.model");

    private static final int SHOWN = 6;

    private final ModelId model;
    private final SortedSet<String> names;

    /// @throws HubException when a name could lead out of a folder or play tricks with a terminal
    FileList(ModelId model, Collection<String> names) {
        this.model = model;
        this.names = new TreeSet<>(names);
        for (String name : this.names) {
            if (FileNames.isHostile(name)) {
                throw new HubException(
                        "%s: the hub lists a file '%s', which is no plain path inside a model; nothing was downloaded, since the model is not to be trusted"
                                .formatted(model, name));
            }
        }
    }

    /// Configuration and tokenizer.
    ///
    /// @throws HubException when the model has no configuration
    List<String> small() {
        if (!names.contains(CONFIG)) {
            refuseGgufAlone();
            throw new HubException(
                    "%s: holds no config.json, so it is no checkpoint in the Hugging Face layout; %s"
                            .formatted(model, contents()));
        }
        return WANTED.stream().filter(names::contains).toList();
    }

    /// The format in which the weights are there as one file, or else the one with an index.
    ///
    /// @throws HubException when there are none that can be read
    WeightNames weights() {
        for (WeightNames format : WeightNames.ALL) {
            if (isSingle(format) || names.contains(format.index())) {
                return format;
            }
        }
        refuseGgufAlone();
        throw new HubException(
                "%s: holds weights neither as safetensors nor as pytorch_model.bin; %s. Look for the original model from which it was made"
                        .formatted(model, contents()));
    }

    boolean isSingle(WeightNames format) {
        return names.contains(format.single());
    }

    /// @throws HubException when one of the shards that the index names is not there
    void requireShards(WeightNames format, SortedSet<String> shards) {
        Optional<String> missing = shards.stream().filter(s -> !names.contains(s)).findFirst();
        missing.ifPresent(shard -> {
            throw new HubException(
                    "%s: its %s names %s, which the hub does not have; the model is incomplete there, tell its makers"
                            .formatted(model, format.index(), shard));
        });
    }

    /// The files of a model in GGUF: one, or all parts of it.
    ///
    /// @throws HubException when there is no such model, or there are several
    List<String> gguf(String quantisation) {
        return GgufChoice.choose(
                new ModelName(model, Optional.of(quantisation)), names, Remedy.NONE);
    }

    private void refuseGgufAlone() {
        Collection<String> models = GgufChoice.called(model, names).keySet();
        if (!models.isEmpty()) {
            throw new HubException(
                    "%s: holds its weights in GGUF only; say which: %s"
                            .formatted(model, GgufChoice.shown(models)));
        }
    }

    private String contents() {
        List<String> others = new ArrayList<>(names);
        others.removeIf(name -> WANTED.contains(name) || name.startsWith("."));
        // what might be weights comes first
        others.sort((a, b) -> Boolean.compare(isText(a), isText(b)));
        if (others.isEmpty()) {
            return "it holds nothing else either";
        }
        String shown = String.join(", ", others.subList(0, Math.min(SHOWN, others.size())));
        return "it holds "
                + shown
                + (others.size() > SHOWN ? " and %d more".formatted(others.size() - SHOWN) : "");
    }

    private static boolean isText(String name) {
        return name.endsWith(".md") || name.endsWith(".json") || name.endsWith(".txt");
    }
}
