package entropylens.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;

/// Float tensors of one safetensors file, for tests in other packages.
public record TensorFile(Map<String, Tensor> tensors) {
    public static TensorFile open(Path file, Arena arena) {
        return new TensorFile(SafetensorsFile.open(file, arena).tensors());
    }

    /// The tensor's values, row-major.
    public float[] floats(String name) {
        return tensors.get(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
}
