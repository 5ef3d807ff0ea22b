package entropylens.kernels;

/// How one weight is stored. Products are always computed in float32; widening is exact.
public enum WeightType {
    F32(4),
    F16(2),
    BF16(2);

    private final int bytes;

    WeightType(int bytes) {
        this.bytes = bytes;
    }

    /// Size of one weight in bytes.
    public int bytes() {
        return bytes;
    }
}
