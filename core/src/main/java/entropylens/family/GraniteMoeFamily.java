package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Routing;
import java.util.List;

/// Granite with routed experts.
record GraniteMoeFamily() implements Family {
    @Override
    public String name() {
        return "granitemoe";
    }

    @Override
    public List<String> architectures() {
        return List.of("GraniteMoeForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Granite 3.0 and 3.1 (1B-A400M, 3B-A800M)";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        LlamaLayout layout = GraniteFamily.layout(json, name(), 1);
        Routing routing = new Routing.OfChosen(json.requireInt("num_experts_per_tok"));
        ExpertLayout experts = MixtralFamily.layout(json, routing, layout.mlpWidth);
        experts.router = "router.layer";
        experts.storage = ExpertLayout.Storage.STACKED;
        layout.experts = experts;
        return layout.blueprint();
    }
}
