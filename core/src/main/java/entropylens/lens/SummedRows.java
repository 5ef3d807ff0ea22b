package entropylens.lens;

/// What was summed over the logits of some rows, slot by slot, as [RowStatistics] defines it; with
/// `m` the largest logit of a row. Arrays of what was not asked for may be empty.
///
/// @param max m
/// @param sum `Σ e^(z-m)`
/// @param weighted `Σ e^(z-m) (z-m)`
/// @param squares `Σ e^(z-m) (z-m)²`
/// @param power `Σ e^(α (z-m))`, `[α][slot]`
/// @param cross `Σ e^(y-m_y) (y - z)` against the reference row y
/// @param mean of the logits
/// @param deviations sum of their squared deviations from it
/// @param above logits larger than the target's
/// @param support logits that are not −∞
/// @param targetLogits of each slot's target, whatever where it has none
/// @param topLogits the largest, `[slot][k]` in one array; of equal ones the smaller id first
/// @param topIds their tokens
/// @param setSizes of the top-p sets, `[p][slot]`
/// @param setShared tokens in common with the set of the row before, `[p][slot]`; NaN where there
///   is none
/// @param norms of the rows
public record SummedRows(
        double[] max,
        double[] sum,
        double[] weighted,
        double[] squares,
        double[][] power,
        double[] cross,
        double[] mean,
        double[] deviations,
        long[] above,
        long[] support,
        float[] targetLogits,
        float[] topLogits,
        int[] topIds,
        double[][] setSizes,
        double[][] setShared,
        double[] norms) {}
