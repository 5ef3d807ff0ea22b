package entropylens.family;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.gguf.GgufModel;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;

/// Where configuration and weights come from: a directory in the Hugging Face layout, or a model in
/// GGUF.
sealed interface ModelFiles {
    /// The model at a path, whose weights will be mapped into `arena`.
    ///
    /// @throws CheckpointException when it is in GGUF, and damaged or not supported
    static ModelFiles at(Path path, Arena arena) {
        Optional<Path> file = GgufModel.find(path);
        return file.isEmpty()
                ? new Directory(path, arena)
                : new Gguf(GgufModel.open(file.get(), arena), arena);
    }

    /// The configuration, read anew.
    ConfigJson config();

    /// Whether a key of the configuration that nobody read may change the model.
    ///
    /// @param path as messages name it
    boolean matters(Family family, ConfigJson config, String path);

    /// The weights.
    Checkpoint checkpoint();

    /// How the weights of the file are kept in blocks, in few words, where they are.
    Optional<String> quantisation();

    record Directory(Path directory, Arena arena) implements ModelFiles {
        @Override
        public ConfigJson config() {
            return ConfigJson.read(directory.resolve("config.json"));
        }

        /// What transformers does not read changes nothing.
        @Override
        public boolean matters(Family family, ConfigJson config, String path) {
            return ConfigKeys.matters(family, config, path);
        }

        @Override
        public Checkpoint checkpoint() {
            return Checkpoint.open(directory, arena);
        }

        /// The configuration says it.
        @Override
        public Optional<String> quantisation() {
            return Optional.empty();
        }
    }

    record Gguf(GgufModel model, Arena arena) implements ModelFiles {
        @Override
        public ConfigJson config() {
            return model.config();
        }

        /// Only what llama.cpp knows stands in these files, and what has no effect was left out.
        @Override
        public boolean matters(Family family, ConfigJson config, String path) {
            return true;
        }

        @Override
        public Checkpoint checkpoint() {
            return model.checkpoint(arena);
        }

        @Override
        public Optional<String> quantisation() {
            return model.quantisation();
        }
    }
}
