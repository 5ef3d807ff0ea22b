package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import entropylens.model.Routing;
import java.util.List;
import java.util.Map;

/// gpt-oss: routed experts with biases, attention sinks, a window in every second block. Published
/// with experts as MXFP4; read as floats too.
record GptOssFamily() implements Family {
    /// What transformers takes where a file leaves it out.
    private static final Map<String, Integer> WHERE_ABSENT =
            Map.of("head_dim", 64, "num_key_value_heads", 8);

    @Override
    public String name() {
        return "gpt_oss";
    }

    @Override
    public List<String> architectures() {
        return List.of("GptOssForCausalLM");
    }

    @Override
    public String knownFor() {
        return "gpt-oss 20B and 120B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name(), WHERE_ABSENT);
        requireRope(json);
        draft.rotary(RopeKeys.read(json, draft.dHead, 150_000), Pairing.HALVES);
        json.mustBe("hidden_act", "silu", "the activation of gpt-oss is built in");
        json.mustBe("swiglu_limit", 7, "transformers clamps at 7, whatever the file says");
        // other names of max_position_embeddings before YaRN, and of num_experts_per_tok
        json.withoutEffect("initial_context_length", "experts_per_token");
        CommonKeys.windows(json, draft, true, 128, layer -> layer % 2 == 0);
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.requireDouble("rms_norm_eps")));
        boolean biased = json.boolOr("attention_bias", true);
        layout.projectionBias = biased;
        layout.outputBias = biased;
        layout.sinks = true;
        layout.experts = experts(json, draft.dMlp);
        return layout.blueprint();
    }

    private static ExpertLayout experts(ConfigJson json, int width) {
        Routing routing = new Routing.OfChosen(json.requireInt("num_experts_per_tok"));
        ExpertLayout experts = new ExpertLayout(json, routing, width);
        experts.router = "router";
        experts.routerBias = true;
        experts.storage = ExpertLayout.Storage.PAIRS;
        ExpertLayout.withoutEffect(json);
        return experts;
    }

    /// transformers has a YaRN of its own for files that say nothing.
    private static void requireRope(ConfigJson json) {
        if (!json.has("rope_parameters") && !json.has("rope_scaling")) {
            throw new CheckpointException(
                    "%s: rope_scaling is missing, and gpt-oss is not read without; add it, or download the file again"
                            .formatted(json.file()));
        }
    }
}
