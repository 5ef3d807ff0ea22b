package entropylens.batch;

import entropylens.adapter.AppliedAdapter;
import entropylens.chat.ChatForm;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LoadedModel;
import entropylens.hub.Models;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

    /// What of a chat template makes a text of a model another one.
    public static Map<String, String> of(Optional<ChatForm> form) {
        Map<String, String> about = new LinkedHashMap<>();
        form.ifPresent(used -> {
            about.put("chat_template_sha256", used.template().sha256());
            used.printed().ifPresent(day -> about.put("chat_today", day.toString()));
        });
        return about;
    }

    /// What the name of a model with adapters ends in: ` + NAME` of each, with its scale where that
    /// is not 1; empty without adapters.
    public static String adapters(LoadedModel loaded) {
        return loaded.adapters().stream()
                .map(adapter ->
                        " + "
                                + Models.nameOf(adapter.directory())
                                + (adapter.scale() == 1 ? "" : " × " + adapter.scale()))
                .collect(Collectors.joining());
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
