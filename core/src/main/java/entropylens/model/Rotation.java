package entropylens.model;

/// The rotary turn of a batch's queries and keys: cosines and sines of every row, computed once per
/// batch.
///
/// Angles are float32 products, as in Hugging Face transformers: at position 100,000 the rounding
/// of the angle is larger than any error in the cosine, and a model was trained with that rounding.
final class Rotation {
    private final int rows;
    private final int half;
    private final float[] cos;
    private final float[] sin;

    private Rotation(int rows, int half) {
        this.rows = rows;
        this.half = half;
        this.cos = new float[rows * half];
        this.sin = new float[rows * half];
    }

    static Rotation of(DecoderConfig config, BatchRows rows) {
        return switch (config.positions()) {
            case Positions.Learned _ -> new Rotation(0, 0);
            case Positions.Rotary rotary -> of(rotary.inverseFrequencies(), rows);
        };
    }

    private static Rotation of(float[] frequencies, BatchRows rows) {
        Rotation rotation = new Rotation(rows.count(), frequencies.length);
        for (int r = 0; r < rows.count(); r++) {
            for (int i = 0; i < frequencies.length; i++) {
                float angle = rows.position(r) * frequencies[i];
                rotation.cos[r * frequencies.length + i] = (float) Math.cos(angle);
                rotation.sin[r * frequencies.length + i] = (float) Math.sin(angle);
            }
        }
        return rotation;
    }

    /// Turns every head of every row in place: element i pairs with element i + d_head / 2.
    void turn(float[] vectors, int heads) {
        for (int r = 0; r < rows; r++) {
            for (int head = 0; head < heads; head++) {
                turnHead(vectors, (r * heads + head) * 2 * half, r * half);
            }
        }
    }

    private void turnHead(float[] vectors, int at, int angles) {
        for (int i = 0; i < half; i++) {
            float c = cos[angles + i];
            float s = sin[angles + i];
            float a = vectors[at + i];
            float b = vectors[at + half + i];
            vectors[at + i] = a * c - b * s;
            vectors[at + half + i] = b * c + a * s;
        }
    }
}
