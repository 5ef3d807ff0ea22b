package entropylens.model;

/// Attention scores that grow with the position of the query, so that attention over long texts
/// stays as sharp as over short ones: `1 + beta · ln(1 + ⌊position / context⌋)` (Llama 4;
/// `get_llama_4_attn_scale` in transformers).
///
/// @param context positions before the first step
public record ScoreGrowth(double beta, int context) {
    public ScoreGrowth {
        if (context < 1) {
            throw new IllegalArgumentException(
                    "scores cannot grow every %d positions".formatted(context));
        }
    }

    /// At a position, from 0 on.
    double at(int position) {
        return 1 + beta * Math.log1p(Math.floorDiv(position, context));
    }
}
