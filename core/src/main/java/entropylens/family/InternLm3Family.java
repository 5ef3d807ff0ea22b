package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// InternLM3: Llama, with keys of its own for biases.
///
/// transformers does not have it. Its goldens are checkpoints of Llama and Qwen 2 under the keys of
/// InternLM3, computed by transformers' classes for those.
record InternLm3Family() implements Family {
    @Override
    public String name() {
        return "internlm3";
    }

    @Override
    public List<String> architectures() {
        return List.of("InternLM3ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "InternLM3 8B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-6)));
        boolean bias = json.boolOr("bias", false);
        layout.projectionBias = json.boolOr("qkv_bias", false);
        layout.outputBias = bias;
        layout.mlpBias = bias;
        return layout.blueprint();
    }
}
