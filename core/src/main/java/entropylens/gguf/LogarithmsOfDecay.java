package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.DerivedTensor;
import entropylens.checkpoint.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/// How fast states fade, `-exp(A_log)` in the file and `A_log` there. Each of the two conversions
/// loses about the last bit of float32.
final class LogarithmsOfDecay implements DerivedTensor {
    private final String name;
    private final GgufTensor decay;
    private final Path file;

    LogarithmsOfDecay(String name, GgufTensor decay, Path file) {
        this.name = name;
        this.decay = decay;
        this.file = file;
        if (decay.type() != GgmlType.F32) {
            throw new CheckpointException(
                    "%s: tensor '%s' is %s, but numbers in F32 were expected; the file is damaged, or of a kind that is not read"
                            .formatted(file, decay.name(), decay.type()));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public List<Long> shape() {
        return decay.shape();
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public long storedBytes() {
        return decay.bytes();
    }

    @Override
    public Tensor copied(Arena arena) {
        MemorySegment to = arena.allocate(decay.bytes(), Long.BYTES);
        for (long at = 0; at < decay.bytes(); at += Float.BYTES) {
            float rate = decay.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
            if (!(rate < 0)) {
                throw new CheckpointException(
                        "%s: tensor '%s' holds %s, but states fade by negative numbers; the file is damaged, download it again"
                                .formatted(file, decay.name(), rate));
            }
            to.set(ValueLayout.JAVA_FLOAT, at, (float) Math.log(-(double) rate));
        }
        return new Tensor(name, DType.F32, decay.shape(), to.asReadOnly(), file);
    }
}
