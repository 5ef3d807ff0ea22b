package entropylens.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;

/// A weight file in a format that another room reads, said in the words of Hugging Face.
///
/// @param path the file
/// @param header the bytes that name and describe the tensors
/// @param tensors that are mapped as they are, by name
/// @param derived that are written out when they are asked for, by name
public record ForeignFile(
        Path path,
        MemorySegment header,
        Map<String, Tensor> tensors,
        Map<String, DerivedTensor> derived)
        implements WeightFile {

    public ForeignFile {
        tensors = Map.copyOf(tensors);
        derived = Map.copyOf(derived);
    }
}
