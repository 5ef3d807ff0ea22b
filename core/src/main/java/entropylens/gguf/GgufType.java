package entropylens.gguf;

/// The types that a value of the metadata may have, in the order of their numbers.
enum GgufType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    /// A length of 8 bytes before its text.
    STRING(8),
    /// A type and a length, 12 bytes, before its elements.
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private final int least;

    GgufType(int least) {
        this.least = least;
    }

    /// Bytes that a value has at least.
    int least() {
        return least;
    }

    /// Whether every value has as many bytes.
    boolean isFixed() {
        return this != STRING && this != ARRAY;
    }
}
