package entropylens.model;

/// What an MLP makes of what comes before its last projection.
public enum Gating {
    /// `activation(gate) · up`, or `activation(up)` where there is no gate.
    PLAIN,
    /// `(clamp(up, ±7) + 1) · g · sigmoid(1.702 g)`, where `g = min(gate, 7)` (gpt-oss;
    /// transformers' `GptOssExperts`). Where there is no gate, the outputs of `up` take turns, gate
    /// first.
    CLAMPED;

    private static final float LIMIT = 7;
    private static final double ALPHA = 1.702;

    /// Of one pair of the clamped kind.
    static float clamped(float gate, float up) {
        float g = Math.min(gate, LIMIT);
        double sigmoid = 1 / (1 + Math.exp(-ALPHA * g));
        return (Math.clamp(up, -LIMIT, LIMIT) + 1) * (float) (g * sigmoid);
    }
}
