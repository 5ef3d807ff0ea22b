package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;
import entropylens.model.DecoderConfig;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// GPT-BigCode: GPT-2 whose heads share one key and one value.
record GptBigCodeFamily() implements Family {
    private static final String PREFIX = "transformer.";

    @Override
    public String name() {
        return "gpt_bigcode";
    }

    @Override
    public List<String> architectures() {
        return List.of("GPTBigCodeForCausalLM");
    }

    @Override
    public String knownFor() {
        return "StarCoder, StarCoderBase, SantaCoder, Granite 20B Code";
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = new ConfigDraft(name());
        draft.nLayers = json.requireInt("n_layer");
        draft.dModel = json.requireInt("n_embd");
        draft.nHeads = json.requireInt("n_head");
        boolean shared = json.boolOr("multi_query", true);
        draft.nKvHeads = shared ? 1 : draft.nHeads;
        draft.dHead = CommonKeys.headWidth(json, "n_embd", "n_head");
        draft.dMlp = json.intOr("n_inner", Math.multiplyExact(4, draft.dModel));
        draft.dVocab = json.requireInt("vocab_size");
        draft.nCtx = json.requireRows("n_positions");
        if (!json.boolOr("scale_attn_weights", true)) {
            draft.scoreScale = OptionalDouble.of(1);
        }
        draft.activation = CommonKeys.activation(json, "activation_function", "gelu_pytorch_tanh");
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        double eps = json.doubleOr("layer_norm_epsilon", 1e-5);
        CommonKeys.withoutEffect(json);
        CommonKeys.summaryHead(json);
        // float32 is what everything is computed in; transformers computes this one from
        // multi_query
        json.withoutEffect(
                "attention_softmax_in_fp32",
                "num_key_value_heads",
                "scale_attention_softmax_in_fp32");
        // of other programs that run it
        json.withoutEffect(
                "inference_runner",
                "max_batch_size",
                "max_sequence_length",
                "pad_key_length",
                "pre_allocate_kv_cache",
                "runner_max_sequence_length",
                "validate_runner_input");
        DecoderConfig config = draft.build();
        return new Blueprint(
                config,
                tensors -> new Layout(config, shared, NormReader.layer(eps), tensors).weights());
    }

    /// Where the tensors are.
    ///
    /// @param shared whether one key and one value stand behind the queries, or each head's behind
    ///   its query
    private record Layout(
            DecoderConfig config, boolean shared, NormReader norm, TensorReader tensors) {
        Weights weights() {
            int dModel = config.dModel();
            Matrix embed = tensors.embedding(PREFIX + "wte.weight", config, dModel);
            return new Weights(
                    new Embedding(
                            embed,
                            null,
                            null,
                            tensors.outIn(PREFIX + "wpe.weight", config.nCtx(), dModel)),
                    IntStream.range(0, config.nLayers())
                            .mapToObj(layer -> block(PREFIX + "h." + layer))
                            .toList(),
                    new Readout(
                            norm.read(tensors, PREFIX + "ln_f", dModel),
                            null,
                            tensors.unembed(embed, config),
                            null));
        }

        private Block block(String prefix) {
            int dModel = config.dModel();
            return new Block(
                    norm.read(tensors, prefix + ".ln_1", dModel),
                    new Weights.Attention(
                            projections(prefix + ".attn.c_attn"),
                            null,
                            null,
                            tensors.projection(prefix + ".attn.c_proj", dModel, dModel, true),
                            null),
                    norm.read(tensors, prefix + ".ln_2", dModel),
                    new Mlp(
                            null,
                            tensors.projection(prefix + ".mlp.c_fc", config.dMlp(), dModel, true),
                            tensors.projection(prefix + ".mlp.c_proj", dModel, config.dMlp(), true),
                            null));
        }

        private Weights.Projections projections(String name) {
            int queries = config.dModel();
            int keys = config.attention(0).keyWidth();
            int all = queries + 2 * keys;
            Projection fused = tensors.projection(name, all, config.dModel(), true);
            return shared
                    ? new Weights.Separate(
                            fused.outputs(0, queries),
                            fused.outputs(queries, queries + keys),
                            fused.outputs(queries + keys, all))
                    : new Weights.Interleaved(fused);
        }
    }

    /// As in GPT-2; see [Gpt2Family#initialScale].
    @Override
    public double initialScale(String tensor, DecoderConfig config) {
        return tensor.endsWith(".c_proj.weight") ? 1 / Math.sqrt(2.0 * config.nLayers()) : 1;
    }

    /// Causal masks were once stored with the weights.
    @Override
    public boolean harmless(String tensor) {
        return tensor.endsWith(".attn.bias")
                || tensor.endsWith(".attn.masked_bias")
                || Family.super.harmless(tensor);
    }
}
