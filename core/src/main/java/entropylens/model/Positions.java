package entropylens.model;

/// How a token knows where it stands.
public sealed interface Positions {
    /// A table of vectors, added to the embedding.
    record Learned() implements Positions {}

    /// Rotary embedding of queries and keys: pair i (element i and element i + d_head/2) is turned
    /// by `position · inverseFrequencies[i]`.
    ///
    /// @param inverseFrequencies `[d_head / 2]`, radians per position, scaling already applied
    record Rotary(float[] inverseFrequencies) implements Positions {}
}
