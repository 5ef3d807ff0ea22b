package entropylens.hook;

import java.util.Locale;

/// A named place in the forward pass.
///
/// A row has `d_model` floats; at the sites of a router, one for each expert.
///
/// @param site what is seen there
/// @param layer the block, counted from 0
public record HookPoint(Site site, int layer) {
    /// What a hook point shows, row by row.
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
        /// The logits of the router, one for each expert. Exists only in blocks that have experts.
        ROUTER_LOGITS,
        /// What the result of each expert (in Llama 4, what it reads) is multiplied by, 0 for those
        /// that are not chosen. Exists only in blocks that have experts.
        EXPERT_SHARES,
        /// The stream after the block; equals `RESID_PRE` of the next block.
        RESID_POST;

        /// Whether a row has one float for each expert, instead of `d_model`.
        public boolean isOfRouter() {
            return this == ROUTER_LOGITS || this == EXPERT_SHARES;
        }
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

    public static HookPoint routerLogits(int layer) {
        return new HookPoint(Site.ROUTER_LOGITS, layer);
    }

    public static HookPoint expertShares(int layer) {
        return new HookPoint(Site.EXPERT_SHARES, layer);
    }

    /// The TransformerLens name, so that our tables and theirs join on it:
    /// `blocks.3.hook_resid_post`.
    @Override
    public String toString() {
        return "blocks." + layer + ".hook_" + site.name().toLowerCase(Locale.ROOT);
    }
}
