package entropylens.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/// What people call a model of the hub: its id, and, of a repository with several GGUF files, the
/// quantisation, as llama.cpp takes it: `org/name:Q4_K_M`, `org/name@revision:Q4_K_M`.
///
/// @param quantisation which file, if it is said
public record ModelName(ModelId id, Optional<String> quantisation) {
    private static final Pattern QUANTISATION = Pattern.compile("\\w[\\w.-]{0,39}");

    /// @throws HubException when it is no such name
    public static ModelName parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !isQuantisation(text.substring(colon + 1))) {
            return new ModelName(ModelId.parse(text), Optional.empty());
        }
        return new ModelName(
                ModelId.parse(text.substring(0, colon)), Optional.of(text.substring(colon + 1)));
    }

    static boolean isQuantisation(String text) {
        return QUANTISATION.matcher(text).matches();
    }

    @Override
    public String toString() {
        return id + quantisation.map(q -> ":" + q).orElse("");
    }
}
