package entropylens.checkpoint;

/// What somebody may do about a refusal, as data: whoever shows the message words it, for the core
/// does not know by which options or buttons it is driven.
public sealed interface Remedy {
    /// Nothing beyond what the message says.
    record None() implements Remedy {}

    /// Load all the same, the unread keys of the configuration ignored by name.
    record IgnoreUnreadKeys() implements Remedy {}

    /// Read the model as another family.
    ///
    /// @param family its name
    /// @param ignoringKeys whether unread keys have to be ignored as well
    record ReadAs(String family, boolean ignoringKeys) implements Remedy {}

    /// Load the checkpoint's own weights instead of untrained ones.
    record OwnWeights() implements Remedy {}

    /// Download the model.
    ///
    /// @param id on the hub, with its revision
    record Download(String id) implements Remedy {}

    /// Nothing beyond what the message says.
    Remedy NONE = new None();
}
