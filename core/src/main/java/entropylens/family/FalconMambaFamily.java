package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import java.util.List;

/// Falcon-Mamba: Mamba with norms, which have learned nothing, of what makes steps, of B and of C.
record FalconMambaFamily() implements Family {
    @Override
    public String name() {
        return "falcon_mamba";
    }

    @Override
    public List<String> architectures() {
        return List.of("FalconMambaForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Falcon-Mamba 7B";
    }

    @Override
    public String prefix() {
        return MambaFamilies.PREFIX;
    }

    @Override
    public Blueprint read(ConfigJson json) {
        NormReader norm = NormReader.rmsWithoutWeights(json.doubleOr("mixer_rms_eps", 1e-6));
        return MambaFamilies.blueprint(json, name(), norm);
    }
}
