package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.List;

/// DeepSeek-V2: multi-head latent attention, experts chosen by softmax.
record DeepseekV2Family() implements Family {
    @Override
    public String name() {
        return "deepseek_v2";
    }

    @Override
    public List<String> architectures() {
        return List.of("DeepseekV2ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "DeepSeek-V2, V2.5 and V2-Lite, DeepSeek-Coder-V2";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        LlamaLayout layout =
                DeepseekFamilies.latent(
                        json,
                        name(),
                        Pairing.NEIGHBOURS,
                        DeepseekFamilies.fromFirst(json, ScoredExperts.softmax(json)));
        boolean biased = json.boolOr("mlp_bias", false);
        layout.mlpBias = biased;
        if (layout.experts != null) {
            layout.experts.sharedBias = biased;
        }
        return layout.blueprint();
    }
}
