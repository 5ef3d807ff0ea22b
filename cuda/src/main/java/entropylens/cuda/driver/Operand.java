package entropylens.cuda.driver;

/// A weight matrix on the device, `outputs × inputs`.
///
/// @param address of the first weight
/// @param type of a weight
/// @param outputs rows of W in `y = W x`
/// @param inputs its columns
/// @param outIn whether the inputs of an output lie together (`torch.nn.Linear`), or the outputs of
///   an input (GPT-2)
/// @param stride in weights, between neighbours in the dimension that does not lie together
public record Operand(
        long address, DataType type, int outputs, int inputs, boolean outIn, long stride) {
    /// A matrix without gaps.
    public static Operand dense(
            DeviceMemory memory, DataType type, int outputs, int inputs, boolean outIn) {
        return new Operand(
                memory.address(), type, outputs, inputs, outIn, outIn ? inputs : outputs);
    }

    /// The outputs `[from, to)`, in the same memory.
    public Operand outputs(int from, int to) {
        long skipped = (outIn ? from * stride : from) * type.bytes();
        return new Operand(address + skipped, type, to - from, inputs, outIn, stride);
    }
}
