package entropylens.web;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Results without the places of files: whoever looks at them elsewhere need not know where on a
/// machine its models lie.
final class WithoutPlaces {
    private static final String PATH = "path";

    private WithoutPlaces() {}

    /// The document, in which `path` of model, lens and adapters is null.
    @SuppressWarnings("unchecked") // as ProfileJson writes it
    static Map<String, @Nullable Object> of(Map<String, @Nullable Object> json) {
        for (String key : List.of("model", "lens")) {
            if (json.get(key) instanceof Map<?, ?> map) {
                ((Map<String, @Nullable Object>) map).put(PATH, null);
            }
        }
        if (json.get("model") instanceof Map<?, ?> model
                && model.get("adapters") instanceof List<?> adapters) {
            adapters.forEach(one -> ((Map<String, @Nullable Object>) one).put(PATH, null));
        }
        return json;
    }
}
