package entropylens.gguf;

import entropylens.checkpoint.DerivedTensor;
import entropylens.kernels.Matrix;
import java.util.Optional;

/// A tensor in another form than that of Hugging Face, whose weights can stay where they are
/// mapped.
public interface MappedTensor extends DerivedTensor {
    /// The weights where they are mapped, the rows of the file as outputs; of a transposed matrix
    /// too. Empty where they are no matrix, or where something is added to them.
    ///
    /// @param outputs of the matrix
    /// @param inputs of the matrix; both as [#shape] says
    Optional<Matrix> matrix(int outputs, int inputs);
}
