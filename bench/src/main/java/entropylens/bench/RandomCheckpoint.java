package entropylens.bench;

import entropylens.bench.RandomWeights.Shape;
import entropylens.kernels.BlockFormat;
import entropylens.kernels.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// A checkpoint of random weights, written as published ones are, so that what is measured reads
/// what users read: safetensors of floats or of quantised modules, or GGUF.
///
/// @param path to be opened
/// @param bytes of the matrices that a token of decoding reads, W_U included
record RandomCheckpoint(Path path, long bytes) {
    /// Writes one into a directory.
    ///
    /// @param type a [WeightType], a [BlockFormat] or one of [StoredCodes#OF_MODELS]
    static RandomCheckpoint write(Shape shape, String type, Path directory) throws IOException {
        if (isOneOf(BlockFormat.values(), type)) {
            return RandomGguf.write(shape, BlockFormat.valueOf(type), directory);
        }
        boolean floats = isOneOf(WeightType.values(), type);
        if (!floats && !StoredCodes.OF_MODELS.contains(type)) {
            throw new IllegalArgumentException("no type of weights is called " + type);
        }
        StoredTensors tensors = new StoredTensors();
        long bytes =
                shape.gated()
                        ? llama(shape, type, floats ? type : "BF16", tensors)
                        : gpt2(shape, type, tensors);
        Files.writeString(
                directory.resolve("config.json"),
                shape.gated() ? llamaConfig(shape, floats ? null : type) : gpt2Config(shape));
        tensors.write(directory.resolve("model.safetensors"));
        return new RandomCheckpoint(directory, bytes);
    }

    static boolean isOneOf(Enum<?>[] values, String name) {
        return Arrays.stream(values).anyMatch(value -> value.name().equals(name));
    }

    private static long llama(Shape shape, String type, String floats, StoredTensors to) {
        int d = shape.dModel();
        int keys = shape.keys();
        long bytes = matrix(to, floats, "model.embed_tokens", shape.dVocab(), d);
        norm(to, floats, "model.norm", d);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String block = "model.layers." + layer + ".";
            norm(to, floats, block + "input_layernorm", d);
            norm(to, floats, block + "post_attention_layernorm", d);
            bytes +=
                    matrix(to, type, block + "self_attn.q_proj", d, d)
                            + matrix(to, type, block + "self_attn.k_proj", keys, d)
                            + matrix(to, type, block + "self_attn.v_proj", keys, d)
                            + matrix(to, type, block + "self_attn.o_proj", d, d)
                            + matrix(to, type, block + "mlp.gate_proj", shape.dMlp(), d)
                            + matrix(to, type, block + "mlp.up_proj", shape.dMlp(), d)
                            + matrix(to, type, block + "mlp.down_proj", d, shape.dMlp());
        }
        return bytes;
    }

    /// Matrices of blocks are stored input by input.
    private static long gpt2(Shape shape, String type, StoredTensors to) {
        int d = shape.dModel();
        long bytes = matrix(to, type, "wte", shape.dVocab(), d);
        matrix(to, type, "wpe", 1024, d);
        biasedNorm(to, type, "ln_f", d);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String block = "h." + layer + ".";
            biasedNorm(to, type, block + "ln_1", d);
            biasedNorm(to, type, block + "ln_2", d);
            bytes +=
                    turned(to, type, block + "attn.c_attn", 3 * d, d)
                            + turned(to, type, block + "attn.c_proj", d, d)
                            + turned(to, type, block + "mlp.c_fc", shape.dMlp(), d)
                            + turned(to, type, block + "mlp.c_proj", d, shape.dMlp());
        }
        return bytes;
    }

    private static long turned(
            StoredTensors to, String type, String module, int outputs, int inputs) {
        double deviation = 1 / Math.sqrt(inputs);
        to.add(module + ".weight", type, StoredTensors.weights(type, deviation), inputs, outputs);
        to.add(module + ".bias", type, StoredTensors.weights(type, 0.1), outputs);
        return (long) WeightType.valueOf(type).bytes() * outputs * inputs;
    }

    private static long matrix(
            StoredTensors to, String type, String module, int outputs, int inputs) {
        if (!isOneOf(WeightType.values(), type)) {
            return StoredCodes.add(to, type, module, outputs, inputs);
        }
        double deviation = 1 / Math.sqrt(inputs);
        to.add(module + ".weight", type, StoredTensors.weights(type, deviation), outputs, inputs);
        return (long) WeightType.valueOf(type).bytes() * outputs * inputs;
    }

    private static void norm(StoredTensors to, String type, String name, int width) {
        to.add(name + ".weight", type, StoredTensors.constant(type, 1), width);
    }

    private static void biasedNorm(StoredTensors to, String type, String name, int width) {
        norm(to, type, name, width);
        to.add(name + ".bias", type, StoredTensors.constant(type, 0), width);
    }

    private static String llamaConfig(Shape shape, String format) {
        return """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
         "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
         "num_attention_heads": %d, "num_key_value_heads": %d, "vocab_size": %d,
         "max_position_embeddings": 1024, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
         "tie_word_embeddings": true%s}
        """
                .formatted(
                        shape.dModel(),
                        shape.dMlp(),
                        shape.layers(),
                        shape.heads(),
                        shape.kvHeads(),
                        shape.dVocab(),
                        format == null
                                ? ""
                                : ", \"quantization_config\": " + StoredCodes.settings(format));
    }

    private static String gpt2Config(Shape shape) {
        return """
        {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2",
         "activation_function": "gelu_new", "n_embd": %d, "n_layer": %d, "n_head": %d,
         "vocab_size": %d, "n_positions": 1024, "layer_norm_epsilon": 1e-5}
        """
                .formatted(shape.dModel(), shape.layers(), shape.heads(), shape.dVocab());
    }
}
