package entropylens.cuda.driver;

import entropylens.kernels.Precision;

/// How one number is stored on the device.
public enum DataType {
    FLOAT32(4, 0),
    FLOAT16(2, 2),
    BFLOAT16(2, 14);

    private final int bytes;

    /// `cudaDataType` of library_types.h.
    private final int code;

    DataType(int bytes, int code) {
        this.bytes = bytes;
        this.code = code;
    }

    public int bytes() {
        return bytes;
    }

    int code() {
        return code;
    }

    /// What products of a precision multiply.
    public static DataType of(Precision precision) {
        return switch (precision) {
            case FLOAT32, TF32 -> FLOAT32;
            case BFLOAT16 -> BFLOAT16;
            case FLOAT16 -> FLOAT16;
        };
    }
}
