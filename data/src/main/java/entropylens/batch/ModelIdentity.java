package entropylens.batch;

import entropylens.adapter.AppliedAdapter;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.hub.Models;
import java.util.LinkedHashMap;
import java.util.Map;

/// What makes a model another one, for manifests.
public final class ModelIdentity {
    private ModelIdentity() {}

    /// Hashes and type of the weights, and what is unusual about how they are read. Every byte of
    /// the weights may be read for it.
    public static Map<String, String> of(LoadedModel loaded) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("config_sha256", loaded.configSha256());
        about.put("weights_sha256", loaded.contentSha256().get());
        about.put("dtype", loaded.dtype());
        loaded.quantisation().ifPresent(how -> about.put("quantisation", how));
        if (!loaded.inertConfigKeys().isEmpty()) {
            about.put("inert_config_keys", ConfigJson.shown(loaded.inertConfigKeys()));
        }
        for (int i = 0; i < loaded.adapters().size(); i++) {
            about.put("adapter_" + (i + 1), adapter(loaded.adapters().get(i)));
        }
        return about;
    }

    private static String adapter(AppliedAdapter adapter) {
        return "%s, scale %s, config_sha256 %s, sha256 %s"
                .formatted(
                        Models.nameOf(adapter.directory()),
                        adapter.scale(),
                        adapter.configSha256(),
                        adapter.sha256());
    }
}
