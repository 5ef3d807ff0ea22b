package entropylens.model;

/// Attention scores that grow with the position of the query, so that attention over long texts
/// stays as sharp as over short ones: `1 + beta · ln(1 + ⌊(position + first) / context⌋)`
/// (`get_llama_4_attn_scale` and `Llama4TextAttention` in transformers).
///
/// @param context positions from one step to the next
/// @param first the number that the first position counts as: 0 in Ministral 3, 1 in Llama 4
public record ScoreGrowth(double beta, int context, int first) {
    public ScoreGrowth {
        if (context < 1) {
            throw new IllegalArgumentException(
                    "scores cannot grow every %d positions".formatted(context));
        }
    }

    /// At a position, from 0 on.
    double at(int position) {
        return 1 + beta * Math.log1p(Math.floorDiv((long) position + first, context));
    }
}
