package entropylens.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The formats of weights that are read, the preferred one first.
enum WeightFormat {
    SAFETENSORS("model.safetensors", ".safetensors"),
    /// `torch.save` of a state dict.
    TORCH("pytorch_model.bin", ".bin");

    private final String single;
    private final String suffix;

    WeightFormat(String single, String suffix) {
        this.single = single;
        this.suffix = suffix;
    }

    /// The name of the file, where there is one for all weights.
    String single() {
        return single;
    }

    /// The name of the list of shards, where there are several.
    String index() {
        return single + ".index.json";
    }

    /// How the name of every shard ends.
    String suffix() {
        return suffix;
    }

    /// Checks `file`, then maps it into `arena`.
    WeightFile open(Path file, Arena arena) {
        return switch (this) {
            case SAFETENSORS -> SafetensorsFile.open(file, arena);
            case TORCH -> TorchFile.open(file, arena);
        };
    }

    /// How to make safetensors of what transformers can load.
    static String conversion(@Nullable Path directory) {
        return "convert it with Python: from transformers import AutoModelForCausalLM; AutoModelForCausalLM.from_pretrained('%s', dtype='auto').save_pretrained('%s-safetensors')"
                .formatted(directory, directory);
    }
}
