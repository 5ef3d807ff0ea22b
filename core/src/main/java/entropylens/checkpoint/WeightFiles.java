package entropylens.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Finds the weight files of a directory, or says why there are none.
final class WeightFiles {

    private WeightFiles() {}

    static void requireDirectory(Path directory) {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (directory.toString().endsWith(".gguf") && !Files.exists(directory)) {
            throw new CheckpointException("%s: there is no such file".formatted(directory));
        }
        String found =
                Files.exists(directory) ? "is not a directory" : "there is no such directory";
        throw new CheckpointException(
                "%s: %s; %s"
                        .formatted(
                                directory,
                                found,
                                OtherFormats.advice(directory)
                                        .orElse(
                                                "give the directory that holds config.json and the weights")));
    }

    /// Maps the weights in `directory` into `arena`: safetensors if there are any, else the files
    /// of torch; one file, or else the shards of an index.
    ///
    /// @throws CheckpointException when there are none, or they are damaged
    static List<WeightFile> open(Path directory, Arena arena) {
        requireDirectory(directory);
        for (WeightFormat format : WeightFormat.values()) {
            Path single = directory.resolve(format.single());
            if (Files.exists(single)) {
                return List.of(format.open(single, arena));
            }
            if (Files.exists(directory.resolve(format.index()))) {
                return Shards.open(format, directory, arena);
            }
        }
        throw new CheckpointException(
                "%s: holds neither model.safetensors nor pytorch_model.bin, nor an index of either; %s"
                        .formatted(directory, advice(directory)));
    }

    /// Whether there are weights in a directory, in a format that is read.
    static boolean areIn(Path directory) {
        return Arrays.stream(WeightFormat.values())
                .anyMatch(format ->
                        Files.exists(directory.resolve(format.single()))
                                || Files.exists(directory.resolve(format.index())));
    }

    /// What to do in a directory that holds a model in another format only.
    static Optional<String> otherFormat(Path directory) {
        return areIn(directory) ? Optional.empty() : OtherFormats.advice(directory);
    }

    /// What to do in a directory without weights that are read.
    private static String advice(Path directory) {
        Optional<String> other = otherFormat(directory);
        List<String> safetensors = named(directory, ".*\\.safetensors");
        if (other.isPresent()) {
            return other.get();
        }
        if (!safetensors.isEmpty()) {
            return "there is %s: download the index too, or, if one of them is the whole model, rename it to %s"
                    .formatted(first(safetensors), WeightFormat.SAFETENSORS.single());
        }
        List<String> shards = named(directory, "pytorch_model-.*\\.bin");
        if (!shards.isEmpty()) {
            return "there is %s: download %s too"
                    .formatted(first(shards), WeightFormat.TORCH.index());
        }
        List<String> torch = named(directory, ".*\\.(bin|pt|pth|ckpt)");
        if (!torch.isEmpty()) {
            return "there is %s: if it is a state dict of torch with the names of Hugging Face, rename it to %s, else %s"
                    .formatted(
                            first(torch),
                            WeightFormat.TORCH.single(),
                            WeightFormat.conversion(directory));
        }
        return "is this a Hugging Face checkpoint directory, and is its download complete?";
    }

    private static List<String> named(Path directory, String pattern) {
        return OtherFormats.names(directory).stream()
                .filter(name -> name.matches(pattern))
                .toList();
    }

    private static String first(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(3, names.size())));
        return names.size() <= 3 ? shown : shown + " and %d more".formatted(names.size() - 3);
    }
}
