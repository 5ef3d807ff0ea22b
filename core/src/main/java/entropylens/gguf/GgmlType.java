package entropylens.gguf;

import entropylens.checkpoint.DType;
import entropylens.kernels.BlockFormat;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The types that a tensor of a GGUF file may have, under the names and numbers of ggml. Of all of
/// them it is known how many bytes they take; not all can be computed with.
enum GgmlType {
    F32(0, DType.F32),
    F16(1, DType.F16),
    Q4_0(2, BlockFormat.Q4_0),
    Q4_1(3, BlockFormat.Q4_1),
    Q5_0(6, BlockFormat.Q5_0),
    Q5_1(7, BlockFormat.Q5_1),
    Q8_0(8, BlockFormat.Q8_0),
    Q8_1(9, 32, 40),
    Q2_K(10, BlockFormat.Q2_K),
    Q3_K(11, BlockFormat.Q3_K),
    Q4_K(12, BlockFormat.Q4_K),
    Q5_K(13, BlockFormat.Q5_K),
    Q6_K(14, BlockFormat.Q6_K),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, BlockFormat.IQ4_NL),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, BlockFormat.IQ4_XS),
    I8(24, DType.I8),
    I16(25, DType.I16),
    I32(26, DType.I32),
    I64(27, DType.I64),
    F64(28, DType.F64),
    IQ1_M(29, 256, 56),
    BF16(30, DType.BF16),
    TQ1_0(34, BlockFormat.TQ1_0),
    TQ2_0(35, BlockFormat.TQ2_0),
    MXFP4(39, BlockFormat.MXFP4),
    NVFP4(40, 64, 36),
    Q1_0(41, 128, 18);

    private final int code;
    private final int blockWeights;
    private final int blockBytes;
    private final @Nullable DType dtype;
    private final @Nullable BlockFormat format;

    GgmlType(int code, DType dtype) {
        this(code, 1, dtype.bytes(), dtype, null);
    }

    GgmlType(int code, BlockFormat format) {
        this(code, format.weights(), format.bytes(), null, format);
    }

    GgmlType(int code, int blockWeights, int blockBytes) {
        this(code, blockWeights, blockBytes, null, null);
    }

    GgmlType(
            int code,
            int blockWeights,
            int blockBytes,
            @Nullable DType dtype,
            @Nullable BlockFormat format) {
        this.code = code;
        this.blockWeights = blockWeights;
        this.blockBytes = blockBytes;
        this.dtype = dtype;
        this.format = format;
    }

    /// The type of a number, if there is one.
    static Optional<GgmlType> of(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    /// Weights in a block; 1 where each stands alone.
    int blockWeights() {
        return blockWeights;
    }

    /// Bytes of a block.
    int blockBytes() {
        return blockBytes;
    }

    /// What it is called in a checkpoint, where each weight stands alone.
    Optional<DType> dtype() {
        return Optional.ofNullable(dtype);
    }

    /// How its blocks are decoded, where that is known.
    Optional<BlockFormat> format() {
        return Optional.ofNullable(format);
    }

    /// Whether weights of this type can be computed with, decoded or not.
    boolean isRead() {
        return format != null || (dtype != null && dtype.isComputable());
    }

    /// The names of those, for messages.
    static String read() {
        return Arrays.stream(values())
                .filter(GgmlType::isRead)
                .map(GgmlType::name)
                .collect(Collectors.joining(", "));
    }
}
