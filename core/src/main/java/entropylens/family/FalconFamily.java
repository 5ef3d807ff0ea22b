package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.AlibiSlopes;
import entropylens.model.Positions;
import entropylens.model.Positions.Pairing;
import entropylens.model.Residual;
import java.util.List;

/// Falcon: LayerNorm and grouped queries; attention and MLP side by side behind one norm (7B, 11B)
/// or two (40B, 180B), or one after the other with linear biases (the RW models).
record FalconFamily() implements Family {
    @Override
    public String name() {
        return "falcon";
    }

    @Override
    public List<String> architectures() {
        return List.of("FalconForCausalLM", "RWForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Falcon 7B, 40B, 180B, Falcon 2 11B, Falcon-RW 1B and 7B";
    }

    @Override
    public String prefix() {
        return "transformer.";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        // the 40B of before transformers knew Falcon says it by its type
        boolean ofRefinedWeb = json.stringOr("model_type", "").equals("RefinedWeb");
        boolean grouped = json.boolOr("new_decoder_architecture", ofRefinedWeb);
        boolean parallel = json.boolOr("parallel_attn", !json.mentions("parallel_attn"));
        int norms = norms(json, grouped, parallel);
        ConfigDraft draft = sizes(json, grouped);
        positions(json, draft);
        draft.activation = CommonKeys.activation(json, "activation", "gelu");
        draft.residual = residual(parallel, norms);
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        json.asUsual("apply_residual_connection_post_layernorm", false);
        CommonKeys.withoutEffect(json);
        MegatronLayout layout =
                new MegatronLayout(
                        draft.build(), NormReader.layer(json.doubleOr("layer_norm_epsilon", 1e-5)));
        if (norms == 2) {
            layout.ln1 = "ln_attn";
            layout.ln2 = "ln_mlp";
        } else if (parallel) {
            layout.ln2 = null;
        }
        boolean bias = json.boolOr("bias", false);
        layout.attentionBias = bias;
        layout.mlpBias = bias;
        return layout.blueprint();
    }

    private static Residual residual(boolean parallel, int norms) {
        if (!parallel) {
            return Residual.SEQUENTIAL;
        }
        return norms == 2 ? Residual.PARALLEL : Residual.PARALLEL_ONE_NORM;
    }

    /// Before the halves of a block that stand side by side.
    private static int norms(ConfigJson json, boolean grouped, boolean parallel) {
        int norms = json.intOr("num_ln_in_parallel_attn", grouped ? 2 : 1);
        if (norms < 1 || norms > (grouped ? 2 : 1) || (grouped && !parallel)) {
            throw new CheckpointException(
                    "%s: new_decoder_architecture = %b, parallel_attn = %b and num_ln_in_parallel_attn = %d do not go together in transformers either; correct the file or download it again"
                            .formatted(json.file(), grouped, parallel, norms));
        }
        return norms;
    }

    private ConfigDraft sizes(ConfigJson json, boolean grouped) {
        ConfigDraft draft = new ConfigDraft(name());
        String heads = json.has("num_attention_heads") ? "num_attention_heads" : "n_head";
        draft.nLayers = json.requireInt(json.has("n_layer") ? "n_layer" : "num_hidden_layers");
        draft.dModel = json.requireInt("hidden_size");
        draft.nHeads = json.requireInt(heads);
        draft.dHead = CommonKeys.headWidth(json, "hidden_size", heads);
        // without groups, files name a number of key-value heads that is not meant
        int groups = json.intOr("num_kv_heads", json.intOr("n_head_kv", draft.nHeads));
        boolean multiQuery = json.boolOr("multi_query", !json.mentions("multi_query"));
        draft.nKvHeads = grouped ? groups : multiQuery ? 1 : draft.nHeads;
        draft.dMlp = json.intOr("ffn_hidden_size", Math.multiplyExact(4, draft.dModel));
        draft.dVocab = json.requireInt("vocab_size");
        draft.nCtx = json.intOr("max_position_embeddings", 2048);
        return draft;
    }

    private static void positions(ConfigJson json, ConfigDraft draft) {
        if (json.boolOr("alibi", false)) {
            float scale = (float) (1 / Math.sqrt(draft.dHead));
            draft.positions = new Positions.Alibi(AlibiSlopes.of(draft.nHeads), true, scale);
            // written all the same
            json.withoutEffect("rope_parameters", "rope_scaling", "rope_theta");
        } else {
            draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        }
    }

    @Override
    public boolean harmless(String tensor) {
        return tensor.endsWith(".self_attention.rotary.inv_freq") || Family.super.harmless(tensor);
    }
}
