package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;
import java.util.Map;

/// Seed-OSS: Llama with biases on queries, keys and values, and on what heads mix only where asked for.
record SeedOssFamily() implements Family {
    @Override
    public String name() {
        return "seed_oss";
    }

    @Override
    public List<String> architectures() {
        return List.of("SeedOssForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Seed-OSS 36B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name(), Map.of("head_dim", 128));
        draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        json.withoutEffect("residual_dropout");
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("rms_norm_eps", 1e-6)));
        layout.projectionBias = json.boolOr("attention_bias", true);
        layout.outputBias = json.boolOr("attention_out_bias", false);
        layout.mlpBias = json.boolOr("mlp_bias", false);
        return layout.blueprint();
    }
}
