package entropylens.gguf;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;

/// A model in GGUF: one file, or several parts. Its configuration and its tensors are those that
/// the checkpoint of Hugging Face has that it was made from.
public final class GgufModel {
    private static final String BEGIN = "tokenizer.ggml.bos_token_id";

    /// What ends a text; `eot` and `eom` end what an assistant says.
    private static final List<String> ENDS =
            List.of(
                    "tokenizer.ggml.eos_token_id",
                    "tokenizer.ggml.eot_token_id",
                    "tokenizer.ggml.eom_token_id");

    private final List<GgufFile> files;
    private final Architecture architecture;
    private final Heads heads;
    private final ConfigWriter writer;

    GgufModel(List<GgufFile> files) {
        this.files = files;
        GgufMetadata metadata = metadata();
        this.architecture = Architecture.of(metadata);
        this.heads = Heads.of(metadata, architecture);
        var tensors = new LinkedHashMap<String, GgufTensor>();
        files.forEach(file -> file.tensors().forEach(t -> tensors.put(t.name(), t)));
        this.writer = new ConfigWriter(metadata, architecture.key(), tensors);
    }

    /// The file of the model that a path means: the file itself, whatever its name, or the only
    /// model in GGUF in a directory without weights in another format.
    ///
    /// @throws CheckpointException when a directory holds several
    public static Optional<Path> find(Path path) {
        return Files.isDirectory(path) && Checkpoint.isIn(path)
                ? Optional.empty()
                : GgufFiles.find(path);
    }

    /// The models in GGUF in a directory, by their files or their first parts, sorted.
    public static List<Path> in(Path directory) {
        return GgufFiles.in(directory);
    }

    /// Maps a model into `arena`, which the caller owns.
    ///
    /// @throws CheckpointException when it is damaged, or of an architecture that is not read
    public static GgufModel open(Path file, Arena arena) {
        return new GgufModel(GgufFiles.open(file, arena));
    }

    private GgufMetadata metadata() {
        return files.getFirst().metadata();
    }

    private Path file() {
        return files.getFirst().path();
    }

    /// The configuration, in the keys of the family's config.json.
    public ConfigJson config() {
        architecture.write(writer, heads);
        writeIds();
        writer.writeUnread();
        return ConfigJson.of(file(), writer.json().toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Keys of the architecture that change no number, and why.
    Map<String, String> withoutEffect() {
        config();
        var keys = new TreeMap<String, String>();
        for (String key : writer.withoutEffect()) {
            keys.put(architecture.key() + "." + key, UnreadMetadata.why(key));
        }
        return keys;
    }

    private void writeIds() {
        OptionalInt begin = metadata().integer(BEGIN);
        begin.ifPresent(id -> writer.json().put("bos_token_id", id));
        var ends = new TreeSet<Integer>();
        ENDS.forEach(key -> metadata().integer(key).ifPresent(ends::add));
        if (!ends.isEmpty()) {
            ArrayNode list = writer.json().putArray("eos_token_id");
            ends.forEach(list::add);
        }
    }

    /// The weights, under the names of Hugging Face.
    ///
    /// @param arena that they were mapped into
    /// @throws CheckpointException when a tensor is of a type or a shape that is not read
    public Checkpoint checkpoint(Arena arena) {
        TensorPlaces places =
                new TensorPlaces(
                        architecture.names(writer),
                        architecture.arrangement(),
                        heads,
                        Experts.of(metadata(), architecture.key()),
                        blocks(),
                        architecture.joint(writer),
                        architecture.valueHeads(writer),
                        writer.tensors(),
                        architecture.fromMetadata(writer));
        return Checkpoint.of(file(), files.stream().map(places::of).toList(), arena);
    }

    /// Without those for multi-token prediction.
    private int blocks() {
        String prefix = architecture.key() + ".";
        int further = metadata().integer(prefix + "nextn_predict_layers").orElse(0);
        return further == 0
                ? Integer.MAX_VALUE
                : metadata().requireInteger(prefix + "block_count") - further;
    }

    /// The kinds of blocks that weights are kept in, the most frequent first: `Q4_K and Q6_K`;
    /// empty where each weight stands alone.
    public Optional<String> quantisation() {
        var weights = new TreeMap<String, Long>();
        for (GgufFile file : files) {
            for (GgufTensor tensor : file.tensors()) {
                if (tensor.type().format().isPresent()) {
                    weights.merge(tensor.type().name(), tensor.bytes(), Long::sum);
                }
            }
        }
        return weights.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .reduce((some, another) -> some + " and " + another);
    }

    /// The tokenizer.json that stands for the vocabulary of a file, whatever its architecture.
    ///
    /// @throws CheckpointException when the vocabulary is damaged, or of a kind that is not read
    public static byte[] tokenizerJson(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            GgufMetadata metadata = GgufFiles.open(file, arena).getFirst().metadata();
            return GgufTokenizer.json(metadata).getBytes(StandardCharsets.UTF_8);
        }
    }

    /// What its makers call it.
    public Optional<String> name() {
        return metadata().text("general.name");
    }
}
