package entropylens.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Recognises models in formats that are not read, and says what they are and what to do.
final class OtherFormats {

    /// Files whose names match, what they are, and what to do; `DIR` stands for their directory.
    private record Format(String names, String what, String advice) {}

    private static final String TRANSFORMERS_4 =
            "convert it with Python: pip install 'transformers<5' %s; from transformers import AutoModelForCausalLM; AutoModelForCausalLM.from_pretrained('DIR', %s=True).save_pretrained('DIR-safetensors')";

    private static final String ORIGINAL =
            "download the original checkpoint, from which it was made (config.json and *.safetensors)";

    /// The first that fits is told.
    private static final List<Format> FORMATS =
            List.of(
                    new Format(
                            "adapter_model\\.(safetensors|bin)",
                            "an adapter (LoRA), not a model",
                            "name the model it was trained on, and the adapter beside it; or merge it into its model with Python: from peft import AutoPeftModelForCausalLM; AutoPeftModelForCausalLM.from_pretrained('DIR').merge_and_unload().save_pretrained('DIR-merged')"),
                    new Format(
                            "consolidated.*\\.(pth|safetensors)",
                            "weights in their makers' own layout",
                            "download the Hugging Face version of the model (config.json and model*.safetensors; for older Llamas the repository that ends in -hf)"),
                    new Format(
                            ".*\\.gguf",
                            "a model in GGUF, which is read by itself",
                            "name the file, or keep the files of one model in a folder of their own"),
                    new Format(".*\\.npz", "arrays of NumPy, as for MLX", ORIGINAL),
                    new Format(".*\\.onnx", "an exported program (ONNX)", ORIGINAL),
                    new Format(
                            ".*\\.h5",
                            "weights of TensorFlow",
                            TRANSFORMERS_4.formatted("tf-keras", "from_tf")),
                    new Format(
                            ".*\\.msgpack",
                            "weights of Flax",
                            TRANSFORMERS_4.formatted("flax", "from_flax")));

    private OtherFormats() {}

    /// What the first file of another format in `directory` is and what to do; or what `directory`
    /// itself is, if it is a file.
    static Optional<String> advice(Path directory) {
        List<String> names = names(directory);
        for (Format format : FORMATS) {
            for (String name : names) {
                if (name.matches(format.names)) {
                    String advice = format.advice.replace("DIR", directory.toString());
                    return Optional.of("%s is %s: %s".formatted(name, format.what, advice));
                }
            }
        }
        return Optional.empty();
    }

    /// The names in `directory`, sorted; none if it cannot be read.
    static List<String> names(Path directory) {
        if (Files.isRegularFile(directory)) {
            return List.of(String.valueOf(directory.getFileName()));
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        } catch (IOException _) {
            return List.of();
        }
    }
}
