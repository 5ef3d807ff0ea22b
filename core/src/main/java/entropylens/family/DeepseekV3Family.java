package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import java.util.List;

/// DeepSeek-V3: multi-head latent attention, experts chosen by sigmoids with a correction.
record DeepseekV3Family() implements Family {
    @Override
    public String name() {
        return "deepseek_v3";
    }

    @Override
    public List<String> architectures() {
        return List.of("DeepseekV3ForCausalLM");
    }

    @Override
    public String knownFor() {
        return "DeepSeek-V3, V3.1 and R1, Kimi K2, Moonlight";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        LlamaLayout layout =
                DeepseekFamilies.latent(
                        json,
                        name(),
                        DeepseekFamilies.pairing(json),
                        DeepseekFamilies.fromFirst(json, ScoredExperts.sigmoid(json, true)));
        DeepseekFamilies.furtherBlocks(json, layout);
        return layout.blueprint();
    }
}
