package entropylens.hook;

/// What a block may add to the stream: the factors by which its two contributions are multiplied.
///
/// A factor of 0 means that the contribution is not computed at all; attention then writes no keys
/// and values.
///
/// @param attention factor on what attention adds
/// @param mlp factor on what the MLP adds
public record BlockAction(float attention, float mlp) {
    /// The block as it is.
    public static final BlockAction RUN = new BlockAction(1, 1);

    /// `resid_post := resid_pre`.
    public static final BlockAction SKIP = new BlockAction(0, 0);

    /// Only the MLP contributes.
    public static final BlockAction SKIP_ATTENTION = new BlockAction(0, 1);

    /// Only attention contributes.
    public static final BlockAction SKIP_MLP = new BlockAction(1, 0);

    public BlockAction {
        if (!Float.isFinite(attention) || !Float.isFinite(mlp)) {
            throw new IllegalArgumentException(
                    "factors must be finite, but are " + attention + " and " + mlp);
        }
    }
}
