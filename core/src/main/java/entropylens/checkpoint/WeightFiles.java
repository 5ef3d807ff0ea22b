package entropylens.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Finds the weight files of a directory, or says why there are none.
final class WeightFiles {

    private WeightFiles() {}

    static void requireDirectory(Path directory) {
        if (Files.isDirectory(directory)) {
            return;
        }
        throw new CheckpointException(
                Files.exists(directory)
                        ? "%s: is not a directory; give the directory that holds config.json and the weights"
                                .formatted(directory)
                        : "%s: there is no such directory; give the directory that holds config.json and the weights"
                                .formatted(directory));
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
        throw noWeights(directory);
    }

    /// Why there is nothing to open, by what is there instead.
    private static CheckpointException noWeights(Path directory) {
        var safetensors = new ArrayList<String>();
        var others = new ArrayList<String>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .sorted()
                    .forEach(name -> {
                        if (name.endsWith(".safetensors")) {
                            safetensors.add(name);
                        } else if (name.matches(".*\\.(bin|gguf|pt|pth|ckpt|h5|msgpack)")) {
                            others.add(name);
                        }
                    });
        } catch (IOException e) {
            return new CheckpointException("%s: cannot be read (%s)".formatted(directory, e), e);
        }
        return new CheckpointException(
                "%s: holds neither model.safetensors nor pytorch_model.bin, nor an index of either%s"
                        .formatted(directory, advice(directory, safetensors, others)));
    }

    private static String advice(Path directory, List<String> safetensors, List<String> others) {
        if (!safetensors.isEmpty()) {
            return ", but %s; download the index too, or, if one of them is the whole model, rename it to %s"
                    .formatted(first(safetensors), WeightFormat.SAFETENSORS.single());
        }
        if (others.stream().anyMatch(name -> name.endsWith(".gguf"))) {
            return ", but %s; GGUF is not read: download the original safetensors checkpoint, from which it was made"
                    .formatted(first(others));
        }
        if (!others.isEmpty()) {
            return (", but %s; only safetensors are read. Convert with Python:"
                            + " from transformers import AutoModelForCausalLM;"
                            + " AutoModelForCausalLM.from_pretrained('%s').save_pretrained('%s-safetensors')")
                    .formatted(first(others), directory, directory);
        }
        return "; is this a Hugging Face checkpoint directory, and is its download complete?";
    }

    private static String first(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(3, names.size())));
        return names.size() <= 3 ? shown : shown + " and %d more".formatted(names.size() - 3);
    }
}
