package entropylens.hook;

import java.util.Locale;

/// A named place in the forward pass.
///
/// @param site what is seen there
/// @param layer the block, counted from 0
public record HookPoint(Site site, int layer) {
    /// What a hook point shows, for one row of `d_model` floats.
    public enum Site {
        /// The residual stream before the block.
        RESID_PRE,
        /// What attention adds to the stream.
        ATTN_OUT,
        /// The stream after attention was added. Does not exist in blocks whose attention and MLP
        /// are parallel.
        RESID_MID,
        /// What the MLP adds to the stream.
        MLP_OUT,
        /// The stream after the block; equals `RESID_PRE` of the next block.
        RESID_POST
    }

    public static HookPoint residPre(int layer) {
        return new HookPoint(Site.RESID_PRE, layer);
    }

    public static HookPoint residMid(int layer) {
        return new HookPoint(Site.RESID_MID, layer);
    }

    public static HookPoint residPost(int layer) {
        return new HookPoint(Site.RESID_POST, layer);
    }

    public static HookPoint attnOut(int layer) {
        return new HookPoint(Site.ATTN_OUT, layer);
    }

    public static HookPoint mlpOut(int layer) {
        return new HookPoint(Site.MLP_OUT, layer);
    }

    /// The TransformerLens name, so that our tables and theirs join on it:
    /// `blocks.3.hook_resid_post`.
    @Override
    public String toString() {
        return "blocks." + layer + ".hook_" + site.name().toLowerCase(Locale.ROOT);
    }
}
