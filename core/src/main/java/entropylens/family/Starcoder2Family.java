package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;

/// StarCoder2: Llama with LayerNorms, biases, an MLP without a gate, and a sliding window.
record Starcoder2Family() implements Family {
    @Override
    public String name() {
        return "starcoder2";
    }

    @Override
    public List<String> architectures() {
        return List.of("Starcoder2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "StarCoder2 3B, 7B and 15B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name(), Map.of("num_key_value_heads", 2));
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", true);
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "gelu_pytorch_tanh");
        CommonKeys.withoutEffect(json);
        draft.windows(json.optionalInt("sliding_window"), layer -> true);
        json.withoutEffect("embedding_dropout", "residual_dropout");
        double eps = json.doubleOr("norm_epsilon", 1e-5);
        LlamaLayout layout = new LlamaLayout(draft.build(), NormReader.layer(eps));
        boolean bias = json.boolOr("use_bias", true);
        layout.projectionBias = bias;
        layout.outputBias = bias;
        layout.mlpBias = bias;
        layout.gated = false;
        layout.mlpUp = "c_fc";
        layout.mlpDown = "c_proj";
        return layout.blueprint();
    }
}
