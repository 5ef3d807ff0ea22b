package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// Persimmon: LayerNorms, biases everywhere, norms of queries and keys, a part of each head turned,
/// and an MLP that squares what ReLU leaves.
record PersimmonFamily() implements Family {
    @Override
    public String name() {
        return "persimmon";
    }

    @Override
    public List<String> architectures() {
        return List.of("PersimmonForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Persimmon 8B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = new ConfigDraft(name());
        draft.nLayers = json.requireInt("num_hidden_layers");
        draft.dModel = json.requireInt("hidden_size");
        draft.dMlp = json.requireInt("intermediate_size");
        draft.dVocab = json.requireInt("vocab_size");
        draft.nCtx = json.requireInt("max_position_embeddings");
        draft.nHeads = json.requireInt("num_attention_heads");
        draft.nKvHeads = draft.nHeads;
        draft.dHead = CommonKeys.headWidth(json, "hidden_size", "num_attention_heads");
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", false);
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA, 0.5), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "relu2");
        CommonKeys.withoutEffect(json);
        NormReader norm = NormReader.layer(json.doubleOr("layer_norm_eps", 1e-5));
        MegatronLayout layout = new MegatronLayout(draft.build(), norm);
        layout.stack = "model.";
        layout.embed = "embed_tokens";
        layout.blocks = "layers.";
        layout.attention = "self_attn.";
        layout.lnFinal = "final_layernorm";
        layout.headNorm = json.boolOr("qk_layernorm", true) ? norm : null;
        return layout.blueprint();
    }
}
