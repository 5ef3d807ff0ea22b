package entropylens.model;

/// Told how far a run is.
@FunctionalInterface
public interface Progress {
    /// Tells nobody.
    Progress NONE = (done, total) -> {};

    /// @param done positions fed so far, over all sequences
    /// @param total positions of the whole run, if no text ends early
    void update(long done, long total);
}
