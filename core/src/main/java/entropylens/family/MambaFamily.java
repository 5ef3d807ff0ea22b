package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import java.util.List;

/// Mamba: selective scans, one a block.
record MambaFamily() implements Family {
    @Override
    public String name() {
        return "mamba";
    }

    @Override
    public List<String> architectures() {
        return List.of("MambaForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Mamba 130M to 2.8B";
    }

    @Override
    public String prefix() {
        return MambaFamilies.PREFIX;
    }

    @Override
    public Blueprint read(ConfigJson json) {
        return MambaFamilies.blueprint(json, name(), null);
    }
}
