package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Activation;
import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;
import entropylens.model.AlibiSlopes;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Embedding;
import entropylens.model.Weights.Mlp;
import entropylens.model.Weights.Readout;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// MPT: LayerNorm, linear biases instead of positions, one fused projection for queries, keys and
/// values, and no other bias anywhere.
record MptFamily() implements Family {
    @Override
    public String name() {
        return "mpt";
    }

    @Override
    public List<String> architectures() {
        return List.of("MptForCausalLM", "MPTForCausalLM");
    }

    @Override
    public String knownFor() {
        return "MPT 7B and 30B";
    }

    @Override
    public String prefix() {
        return "transformer.";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = new ConfigDraft(name());
        draft.nLayers = json.requireInt("n_layers");
        draft.dModel = json.requireInt("d_model");
        draft.nHeads = json.requireInt("n_heads");
        draft.nKvHeads = draft.nHeads;
        draft.dHead = CommonKeys.headWidth(json, "d_model", "n_heads");
        draft.dMlp = Math.multiplyExact(4, draft.dModel);
        draft.dVocab = json.requireInt("vocab_size");
        draft.nCtx = json.requireInt("max_seq_len");
        draft.positions = new Positions.Alibi(AlibiSlopes.of(draft.nHeads), false, 1);
        draft.activation = Activation.GELU_ERF;
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        attention(json, draft);
        requireTransformersForm(json);
        CommonKeys.withoutEffect(json);
        // of training, of a gradient, and of what its own code prints
        json.withoutEffect(
                "emb_pdrop",
                "embedding_fraction",
                "init_config",
                "init_device",
                "tokenizer_name",
                "verbose");
        double eps = json.doubleOr("layer_norm_epsilon", 1e-5);
        DecoderConfig config = draft.build();
        return new Blueprint(
                config,
                tensors -> new Layout(config, NormReader.layerWithoutBias(eps), tensors).weights());
    }

    private static void attention(ConfigJson json, ConfigDraft draft) {
        json.object("attn_config")
                .ifPresent(inside -> {
                    double clip = inside.doubleOr("clip_qkv", 0);
                    if (clip != 0) { // 0 is none, as in transformers
                        draft.projectionClip = clip(json, clip);
                    }
                    draft.scoreScale = inside.optionalDouble("softmax_scale");
                    String why = "transformers does not read it";
                    inside.mustBe("alibi", true, why);
                    inside.mustBe("alibi_bias_max", 8, why);
                    inside.mustBe("attn_type", "multihead_attention", why);
                    inside.mustBe("prefix_lm", false, why);
                    inside.mustBe("qk_ln", false, why);
                    inside.withoutEffect(
                            "attn_impl", "attn_pdrop", "attn_uses_sequence_id", "model_type");
                });
    }

    private static OptionalDouble clip(ConfigJson json, double clip) {
        if (clip < 0) {
            throw new CheckpointException(
                    "%s: attn_config.clip_qkv is %s, but must be positive; correct the file or download it again"
                            .formatted(json.file(), clip));
        }
        return OptionalDouble.of(clip);
    }

    /// What the code that came with the model can do, and transformers cannot.
    private static void requireTransformersForm(ConfigJson json) {
        String why = "transformers does not read it";
        json.mustBe("expansion_ratio", 4, why);
        json.mustBe("no_bias", true, "transformers has no biases here");
        json.mustBe("norm_type", "low_precision_layernorm", "transformers has no other norm here");
        json.mustBeAbsent("logit_scale", why);
        // there are no learned positions where there are linear biases
        json.withoutEffect("learned_pos_emb");
    }

    /// Where the tensors are.
    private record Layout(DecoderConfig config, NormReader norm, TensorReader tensors) {
        Weights weights() {
            int dModel = config.dModel();
            Matrix embed = tensors.embedding("transformer.wte.weight", config, dModel);
            return new Weights(
                    new Embedding(embed, null, null, null),
                    IntStream.range(0, config.nLayers())
                            .mapToObj(layer -> block("transformer.blocks." + layer + "."))
                            .toList(),
                    new Readout(
                            norm.read(tensors, "transformer.norm_f", dModel),
                            null,
                            tensors.unembed(embed, config),
                            null));
        }

        private Block block(String prefix) {
            int dModel = config.dModel();
            Projection fused = projection(prefix + "attn.Wqkv", 3 * dModel, dModel);
            return new Block(
                    norm.read(tensors, prefix + "norm_1", dModel),
                    new Weights.Attention(
                            new Weights.Separate(
                                    fused.outputs(0, dModel),
                                    fused.outputs(dModel, 2 * dModel),
                                    fused.outputs(2 * dModel, 3 * dModel)),
                            null,
                            null,
                            projection(prefix + "attn.out_proj", dModel, dModel),
                            null),
                    norm.read(tensors, prefix + "norm_2", dModel),
                    new Mlp(
                            null,
                            projection(prefix + "ffn.up_proj", config.dMlp(), dModel),
                            projection(prefix + "ffn.down_proj", dModel, config.dMlp()),
                            null));
        }

        private Projection projection(String name, int outputs, int inputs) {
            return tensors.projection(name, outputs, inputs, false);
        }
    }
}
