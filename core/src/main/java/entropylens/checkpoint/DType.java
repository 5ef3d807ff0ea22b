package entropylens.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The element types of the safetensors format, under the names it gives them. All can be loaded
/// (GPT-2 carries its causal mask as `U8`), only a few can be computed with.
public enum DType {
    /// One byte, 0 or 1.
    BOOL(1),
    /// Unsigned, 8 bits.
    U8(1),
    /// Signed, 8 bits.
    I8(1),
    /// 8-bit float, 5 bits of exponent.
    F8_E5M2(1),
    /// 8-bit float, 4 bits of exponent.
    F8_E4M3(1),
    /// Signed, 16 bits.
    I16(2),
    /// Unsigned, 16 bits.
    U16(2),
    /// IEEE half precision.
    F16(2),
    /// The upper half of an `F32`.
    BF16(2),
    /// Signed, 32 bits.
    I32(4),
    /// Unsigned, 32 bits.
    U32(4),
    /// IEEE single precision.
    F32(4),
    /// IEEE double precision.
    F64(8),
    /// Signed, 64 bits.
    I64(8),
    /// Unsigned, 64 bits.
    U64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes per element.
    public int bytes() {
        return bytes;
    }

    /// Whether the engine computes with weights of this type.
    public boolean isComputable() {
        return this == F32 || this == F16 || this == BF16;
    }

    /// The type that a safetensors header calls `name`; `file` and `tensor` are for the message.
    static DType parse(String name, Path file, String tensor) {
        for (DType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        if (name.matches("F[468](_\\w+)?")) {
            throw new CheckpointException(
                    "%s: tensor '%s' has the dtype '%s', so this checkpoint is quantised; entropy-lens reads %s weights: use the unquantised checkpoint"
                            .formatted(file, tensor, name, computable()));
        }
        throw new CheckpointException(
                "%s: tensor '%s' has the dtype '%s', which this program does not know; known are %s. Convert the weights to BF16 or F32"
                        .formatted(file, tensor, name, known()));
    }

    /// The types that the engine computes with, for messages.
    static String computable() {
        return Arrays.stream(values())
                .filter(DType::isComputable)
                .map(DType::name)
                .collect(Collectors.joining(", "));
    }

    private static String known() {
        return Arrays.stream(values()).map(DType::name).collect(Collectors.joining(", "));
    }
}
