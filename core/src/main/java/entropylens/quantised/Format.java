package entropylens.quantised;

import entropylens.kernels.CodedMatrix;

/// One way to keep matrices in few bits.
sealed interface Format permits Awq, BitsAndBytes, CompressedTensors, Fp8, Gptq, Mxfp4 {
    /// In few words, for results: `fp8 e4m3, blocks of 128×128`.
    String described();

    /// Whether the weights of a module are stored as codes.
    boolean has(String module);

    /// The weights of a module that [#has] them.
    ///
    /// @throws entropylens.checkpoint.CheckpointException when its tensors are not what the format
    ///   calls for
    CodedMatrix matrix(String module, int outputs, int inputs);

    /// Whether a tensor that nobody took may be left over: it does not change the weights.
    boolean harmless(String tensor);
}
