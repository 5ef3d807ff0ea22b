package entropylens.family;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// How a checkpoint is to be read, where that is not as its configuration says.
///
/// @param family read it as this family, whatever its `architectures` say: [Families#names]
/// @param ignoredKeys unread configuration keys that are not to stop the load
/// @param untrainedSeed instead of what the checkpoint's tensors hold, take what training begins
///   with, drawn from this seed: matrices `N(0, initializer_range²)`, biases 0, norms that multiply
///   by 1. Names, shapes and types stay those of the checkpoint
public record LoadOptions(
        Optional<String> family, Set<String> ignoredKeys, OptionalLong untrainedSeed) {
    /// As the configuration says.
    public static final LoadOptions NONE = new LoadOptions(Optional.empty(), Set.of());

    public LoadOptions {
        ignoredKeys = Set.copyOf(ignoredKeys);
    }

    /// The weights that are in the checkpoint.
    public LoadOptions(Optional<String> family, Set<String> ignoredKeys) {
        this(family, ignoredKeys, OptionalLong.empty());
    }

    /// The same, with the weights that training begins with.
    ///
    /// @param seed that they are drawn from
    public LoadOptions untrained(long seed) {
        return new LoadOptions(family, ignoredKeys, OptionalLong.of(seed));
    }
}
