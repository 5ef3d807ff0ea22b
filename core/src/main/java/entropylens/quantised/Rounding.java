package entropylens.quantised;

import entropylens.checkpoint.DType;
import entropylens.kernels.Codes;

/// The type in which a format's reference computes a weight; the nearest value, of two the even
/// one.
enum Rounding {
    F32,
    F16,
    BF16;

    static Rounding of(DType type) {
        return switch (type) {
            case F32 -> F32;
            case F16 -> F16;
            case BF16 -> BF16;
            default -> throw new IllegalArgumentException(type + " is no type of scales");
        };
    }

    void round(float[] values, int from, int to) {
        switch (this) {
            case F32 -> {}
            case F16 -> Codes.roundToF16(values, from, to);
            case BF16 -> Codes.roundToBf16(values, from, to);
        }
    }
}
