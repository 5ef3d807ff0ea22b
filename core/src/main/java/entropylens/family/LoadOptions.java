package entropylens.family;

import java.util.Optional;
import java.util.Set;

/// How a checkpoint is to be read, where that is not as its configuration says.
///
/// @param family read it as this family, whatever its `architectures` say: [Families#names]
/// @param ignoredKeys unread configuration keys that are not to stop the load
public record LoadOptions(Optional<String> family, Set<String> ignoredKeys) {
    /// As the configuration says.
    public static final LoadOptions NONE = new LoadOptions(Optional.empty(), Set.of());

    public LoadOptions {
        ignoredKeys = Set.copyOf(ignoredKeys);
    }
}
