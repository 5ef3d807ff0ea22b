package entropylens.lens;

/// Through which lens a text is looked at: the same for all texts, or, of controls that draw at
/// random, one for each.
@FunctionalInterface
public interface LensOfText {
    /// @param text its number among those that are measured together, from 0
    Lens of(int text);

    /// One lens for all texts.
    static LensOfText always(Lens lens) {
        return _ -> lens;
    }
}
