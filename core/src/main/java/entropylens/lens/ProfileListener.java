package entropylens.lens;

/// Told what is measured on a text while it runs: an explorer shows token after token. Whoever asks
/// for it has each forward pass read out at once, which takes longer than reading in bulk.
@FunctionalInterface
public interface ProfileListener {
    /// Some positions of a text were measured.
    ///
    /// @param text its index
    /// @param part of its profile: tokens known by now, and the read-outs of these positions
    void measured(int text, TextProfile part);

    /// Whether a text that is generated goes on; those beside it do, whatever the answer.
    default boolean wantsMore(int text) {
        return true;
    }
}
