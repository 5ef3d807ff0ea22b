package entropylens.result;

import entropylens.adapter.AppliedAdapter;
import entropylens.family.LoadedModel;
import entropylens.hub.Models;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The adapters of a model as JSON. Keys are stable and described in docs/method.md.
public final class AdapterJson {
    private AdapterJson() {}

    /// One object for each adapter, in their order.
    public static List<Map<String, @Nullable Object>> list(LoadedModel loaded) {
        return loaded.adapters().stream().map(AdapterJson::object).toList();
    }

    private static Map<String, @Nullable Object> object(AppliedAdapter adapter) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", Models.nameOf(adapter.directory()));
        json.put("path", adapter.directory().toString());
        json.put("scale", adapter.scale());
        json.put("kind", adapter.kind());
        json.put("modules", adapter.modules());
        json.put("ranks", adapter.ranks());
        json.put("replaced_tensors", adapter.replaced());
        json.put("base_model", adapter.baseModel().orElse(null));
        json.put("config_sha256", adapter.configSha256());
        json.put("sha256", adapter.sha256());
        return json;
    }
}
