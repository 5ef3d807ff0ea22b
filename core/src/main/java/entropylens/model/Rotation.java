package entropylens.model;

import entropylens.model.Positions.Pairing;

/// The rotary turn of a batch's queries and keys by one [Rope]: cosines and sines of every row,
/// computed once per batch ([Rope.Fixed#turn]).
final class Rotation {
    private final int rows;
    private final int half;
    private final Pairing pairing;
    private final float[] cos;
    private final float[] sin;

    Rotation(Rope rope, Pairing pairing, BatchRows rows) {
        this.rows = rows.count();
        this.half = rope.rotated() / 2;
        this.pairing = pairing;
        this.cos = new float[this.rows * half];
        this.sin = new float[this.rows * half];
        for (int r = 0; r < this.rows; r++) {
            rope.at(rows.session(r).capacity()).turn(rows.position(r), cos, sin, r * half);
        }
    }

    /// Turns every head of every row in place; what is not turned stays.
    void turn(float[] vectors, int heads, int dHead) {
        for (int r = 0; r < rows; r++) {
            for (int head = 0; head < heads; head++) {
                turnHead(vectors, (r * heads + head) * dHead, r * half);
            }
        }
    }

    private void turnHead(float[] vectors, int at, int angles) {
        int apart = pairing == Pairing.HALVES ? half : 1;
        int step = pairing == Pairing.HALVES ? 1 : 2;
        for (int i = 0; i < half; i++) {
            int first = at + i * step;
            float c = cos[angles + i];
            float s = sin[angles + i];
            float a = vectors[first];
            float b = vectors[first + apart];
            vectors[first] = a * c - b * s;
            vectors[first + apart] = b * c + a * s;
        }
    }
}
