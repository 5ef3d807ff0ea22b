package entropylens.family;

import entropylens.adapter.AdapterSource;
import java.util.List;
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
/// @param adapters applied to the model, all of them active, in their order; untrained weights have
///   none
public record LoadOptions(
        Optional<String> family,
        Set<String> ignoredKeys,
        OptionalLong untrainedSeed,
        List<AdapterSource> adapters) {
    /// As the configuration says.
    public static final LoadOptions NONE = new LoadOptions(Optional.empty(), Set.of());

    public LoadOptions {
        ignoredKeys = Set.copyOf(ignoredKeys);
        adapters = List.copyOf(adapters);
        if (untrainedSeed.isPresent() && !adapters.isEmpty()) {
            throw new IllegalArgumentException(
                    "an adapter was trained on other weights than untrained ones");
        }
    }

    /// The weights that are in the checkpoint.
    public LoadOptions(Optional<String> family, Set<String> ignoredKeys) {
        this(family, ignoredKeys, OptionalLong.empty(), List.of());
    }

    /// The same, with the weights that training begins with, and without adapters.
    ///
    /// @param seed that they are drawn from
    public LoadOptions untrained(long seed) {
        return new LoadOptions(family, ignoredKeys, OptionalLong.of(seed), List.of());
    }

    /// The same, with adapters.
    public LoadOptions adapted(List<AdapterSource> adapters) {
        return new LoadOptions(family, ignoredKeys, untrainedSeed, adapters);
    }
}
