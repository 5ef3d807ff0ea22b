package entropylens.result;

import entropylens.lens.Lens;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A lens as JSON. Keys are stable and described in docs/method.md.
public final class LensJson {
    private LensJson() {}

    /// One object; of the logit lens, all but its kind is null.
    public static Map<String, @Nullable Object> of(Lens lens) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("kind", lens.kind());
        json.put("path", lens.origin().map(from -> from.path().toString()).orElse(null));
        json.put("sha256", lens.origin().map(Lens.Origin::sha256).orElse(null));
        json.put("model", lens.madeFor().model().orElse(null));
        json.put("layers", lens.isLogit() ? null : lens.layers());
        json.put("facts", lens.origin().map(Lens.Origin::facts).orElse(null));
        return json;
    }
}
