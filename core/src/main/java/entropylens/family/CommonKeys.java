package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Activation;

/// What configurations of several families have in common.
final class CommonKeys {
    private CommonKeys() {}

    /// Keys without effect on inference in float32: names and versions, training (dropout,
    /// initialisation), how the Python library runs (caches, outputs, dtype: the weight file says
    /// its own), and special tokens, which are read elsewhere. The list is repeated in
    /// docs/method.md.
    static void withoutEffect(ConfigJson json) {
        json.withoutEffect(
                "_name_or_path",
                "architectures",
                "attention_dropout",
                "attn_pdrop",
                "bos_token_id",
                "dtype",
                "embd_pdrop",
                "eos_token_id",
                "gradient_checkpointing",
                "hidden_dropout",
                "id2label",
                "initializer_range",
                "label2id",
                "model_type",
                "num_labels",
                "_num_labels",
                "output_attentions",
                "output_hidden_states",
                "pad_token_id",
                "pretraining_tp",
                "resid_pdrop",
                "return_dict",
                "task_specific_params",
                "torch_dtype",
                "transformers_version",
                "unk_token_id",
                "use_cache");
    }

    /// `d_model / n_heads`.
    ///
    /// @throws CheckpointException when the heads do not share the stream evenly
    static int headWidth(ConfigJson json, String modelKey, String headsKey) {
        int dModel = json.requireInt(modelKey);
        int nHeads = json.requireInt(headsKey);
        if (nHeads < 1 || dModel % nHeads != 0) {
            throw new CheckpointException(
                    "%s: %s = %d cannot be divided evenly among %s = %d; correct the file or download it again"
                            .formatted(json.file(), modelKey, dModel, headsKey, nHeads));
        }
        return dModel / nHeads;
    }

    static Activation activation(ConfigJson json, String key, String otherwise) {
        String name = json.stringOr(key, otherwise);
        return switch (name) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            case "gelu" -> Activation.GELU_ERF;
            case "relu" -> Activation.RELU;
            default ->
                    throw new CheckpointException(
                            "%s: %s is \"%s\", which is not implemented; implemented are silu, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu"
                                    .formatted(json.file(), key, name));
        };
    }
}
