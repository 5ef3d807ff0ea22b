package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// What configurations of several families have in common.
final class CommonKeys {
    private CommonKeys() {}

    /// Keys without effect on inference in float32: names and versions, training (dropout,
    /// initialisation), how the Python library runs (caches, outputs, dtype: the weight file says
    /// its own), how it generates unless told otherwise, and special tokens, which are read
    /// elsewhere. The list is repeated in docs/method.md.
    static final List<String> WITHOUT_EFFECT =
            List.of(
                    "_attn_implementation_autoset",
                    "_name_or_path",
                    "_num_labels",
                    "architectures",
                    "attention_dropout",
                    "attn_implementation",
                    "attn_pdrop",
                    "auto_map",
                    "bad_words_ids",
                    "begin_suppress_tokens",
                    "bos_token_id",
                    "cache_implementation",
                    "chunk_size_feed_forward",
                    "custom_pipeline",
                    "custom_pipelines",
                    "decoder_start_token_id",
                    "diversity_penalty",
                    "do_sample",
                    "dtype",
                    "early_stopping",
                    "embd_pdrop",
                    "encoder_no_repeat_ngram_size",
                    "eos_token_id",
                    "exponential_decay_length_penalty",
                    "finetuning_task",
                    "forced_bos_token_id",
                    "forced_eos_token_id",
                    "gradient_checkpointing",
                    "hidden_dropout",
                    "id2label",
                    "initializer_range",
                    "is_decoder",
                    "label2id",
                    "length_penalty",
                    "max_length",
                    "min_length",
                    "model_type",
                    "no_repeat_ngram_size",
                    "num_beam_groups",
                    "num_beams",
                    "num_labels",
                    "num_return_sequences",
                    "output_attentions",
                    "output_hidden_states",
                    "output_past",
                    "output_scores",
                    "pad_token_id",
                    "prefix",
                    "pretraining_tp",
                    "problem_type",
                    "remove_invalid_values",
                    "repetition_penalty",
                    "resid_pdrop",
                    "return_dict",
                    "return_dict_in_generate",
                    "sep_token_id",
                    "suppress_tokens",
                    "task_specific_params",
                    "temperature",
                    "tf_legacy_loss",
                    "tie_encoder_decoder",
                    "tokenizer_class",
                    "top_k",
                    "top_p",
                    "torch_dtype",
                    "torchscript",
                    "transformers.js_config",
                    "transformers_version",
                    "typical_p",
                    "unk_token_id",
                    "use_bfloat16",
                    "use_cache");

    /// Counts [#WITHOUT_EFFECT] as read, and refuses what no family has.
    static void withoutEffect(ConfigJson json) {
        json.withoutEffect(WITHOUT_EFFECT.toArray(String[]::new));
        for (String key : List.of("add_cross_attention", "is_encoder_decoder")) {
            if (json.boolOr(key, false)) {
                throw new CheckpointException(
                        "%s: %s is true, but cross-attention is not implemented, nor are encoders"
                                .formatted(json.file(), key));
            }
        }
        // the blocks that lost heads, with those; whatever is in there stays unread
        json.object("pruned_heads");
    }

    /// A classification head that configurations of the GPT family carry along.
    static void summaryHead(ConfigJson json) {
        json.withoutEffect(
                "summary_activation",
                "summary_first_dropout",
                "summary_proj_to_labels",
                "summary_type",
                "summary_use_proj");
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

    /// The sliding window: `null` is none, and where the key is absent transformers' own default
    /// counts.
    static OptionalInt slidingWindow(ConfigJson json, int whereAbsent) {
        return json.mentions("sliding_window")
                ? json.optionalInt("sliding_window")
                : OptionalInt.of(whereAbsent);
    }

    /// The sliding window in the blocks that `layer_types` names, or, where that is not given, in
    /// those that `otherwise` names.
    ///
    /// @param on whether there is a window at all
    static void windows(
            ConfigJson json,
            ConfigDraft draft,
            boolean on,
            int whereAbsent,
            IntPredicate otherwise) {
        json.withoutEffect("sliding_window");
        OptionalInt window = on ? slidingWindow(json, whereAbsent) : OptionalInt.empty();
        List<Boolean> sliding = slidingLayers(json, draft.nLayers, otherwise);
        draft.windows(window, sliding::get);
    }

    /// Which blocks `layer_types` gives a window, or `otherwise`, where that is not given.
    static List<Boolean> slidingLayers(ConfigJson json, int nLayers, IntPredicate otherwise) {
        return partialLayers(json, nLayers, "sliding_attention", otherwise);
    }

    /// Which blocks `layer_types` says do not attend to all that came before, or `otherwise`, where
    /// that is not given.
    ///
    /// @param partial what it calls them
    static List<Boolean> partialLayers(
            ConfigJson json, int nLayers, String partial, IntPredicate otherwise) {
        List<String> types = json.strings("layer_types");
        if (types.isEmpty()) {
            return IntStream.range(0, nLayers).mapToObj(otherwise::test).toList();
        }
        if (types.size() != nLayers) {
            throw new CheckpointException(
                    "%s: layer_types names %d blocks, but the model has %d; correct the file or download it again"
                            .formatted(json.file(), types.size(), nLayers));
        }
        List<Boolean> are = new ArrayList<>();
        for (String type : types) {
            if (!type.equals(partial) && !type.equals("full_attention")) {
                throw new CheckpointException(
                        "%s: layer_types names \"%s\", which is not implemented; implemented are full_attention and %s"
                                .formatted(json.file(), type, partial));
            }
            are.add(type.equals(partial));
        }
        return are;
    }

    static Activation activation(ConfigJson json, String key, String otherwise) {
        String name = json.stringOr(key, otherwise);
        return switch (name) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            case "gelu" -> Activation.GELU_ERF;
            case "relu" -> Activation.RELU;
            case "relu2" -> Activation.RELU_SQUARED;
            default ->
                    throw new CheckpointException(
                            "%s: %s is \"%s\", which is not implemented; implemented are silu, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu, relu2"
                                    .formatted(json.file(), key, name));
        };
    }
}
