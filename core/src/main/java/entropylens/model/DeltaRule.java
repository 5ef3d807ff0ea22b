package entropylens.model;

/// The gated delta rule (Yang et al. 2024, arXiv 2412.06464), one head, token by token, in float32.
/// A memory S of `dKey × dValue` fades, and then maps a key nearer to its value:
///
///     S = decay · S;  S = S + k (rate · (v - kᵀ S))ᵀ;  out = qᵀ S
final class DeltaRule {
    private final int dKey;
    private final int dValue;
    private final float[] delta;

    DeltaRule(int dKey, int dValue) {
        this.dKey = dKey;
        this.dValue = dValue;
        this.delta = new float[dValue];
    }

    /// One token.
    ///
    /// @param memory S, `[dKey][dValue]` from `memoryAt` on, changed in place
    /// @param query,key vectors of `dKey` floats, normed already
    /// @param out receives `dValue` floats
    void step(
            float[] memory,
            int memoryAt,
            float decay,
            float rate,
            float[] query,
            float[] key,
            float[] value,
            int valueAt,
            float[] out,
            int outAt) {
        for (int i = 0; i < dValue; i++) {
            delta[i] = 0;
            out[outAt + i] = 0;
        }
        for (int k = 0; k < dKey; k++) {
            int at = memoryAt + k * dValue;
            for (int i = 0; i < dValue; i++) {
                memory[at + i] *= decay;
                delta[i] += memory[at + i] * key[k];
            }
        }
        for (int i = 0; i < dValue; i++) {
            delta[i] = (value[valueAt + i] - delta[i]) * rate;
        }
        for (int k = 0; k < dKey; k++) {
            int at = memoryAt + k * dValue;
            for (int i = 0; i < dValue; i++) {
                memory[at + i] += key[k] * delta[i];
                out[outAt + i] += memory[at + i] * query[k];
            }
        }
    }
}
