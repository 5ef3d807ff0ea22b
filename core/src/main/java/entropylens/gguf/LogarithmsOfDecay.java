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
    private final Place place;
    private final GgufTensor decay;
    private final Path file;

    LogarithmsOfDecay(Place place, GgufTensor decay, Path file) {
        this.place = place;
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
        return place.name();
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
        int[] order = place.rows();
        for (int i = 0; i < decay.bytes() / Float.BYTES; i++) {
            long from = order == null ? i : order[i];
            float rate = decay.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, from * Float.BYTES);
            if (!(rate < 0)) {
                throw new CheckpointException(
                        "%s: tensor '%s' holds %s, but states fade by negative numbers; the file is damaged, download it again"
                                .formatted(file, decay.name(), rate));
            }
            to.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.log(-(double) rate));
        }
        return new Tensor(name(), DType.F32, decay.shape(), to.asReadOnly(), file);
    }
}
