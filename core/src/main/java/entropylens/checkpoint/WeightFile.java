package entropylens.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// One mapped file of weights.
sealed interface WeightFile permits SafetensorsFile, TorchFile, ForeignFile {

    /// The file.
    Path path();

    /// The bytes that name and describe the tensors, without the weights themselves.
    MemorySegment header();

    /// The tensors that are mapped as they are, by name.
    Map<String, Tensor> tensors();

    /// The tensors that are written out when they are asked for, by name.
    Map<String, DerivedTensor> derived();

    /// The names of all tensors, sorted.
    default Set<String> names() {
        var names = new TreeSet<>(tensors().keySet());
        names.addAll(derived().keySet());
        return names;
    }
}
