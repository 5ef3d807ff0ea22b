package entropylens.gguf;

import entropylens.checkpoint.DType;
import entropylens.checkpoint.DerivedTensor;
import entropylens.checkpoint.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A number of an activation that is learned in each block (xIELU): in the file it is in the
/// metadata, with those of the other blocks.
///
/// @param name of the tensor that it is in Hugging Face
/// @param shape of that
record LearnedSlopes(String name, List<Long> shape, float number, Path file)
        implements DerivedTensor {
    /// What the keys begin with; they do not name the architecture.
    static final String GROUP = "xielu";

    /// The numbers, and the shapes of their tensors.
    private static final Map<String, List<Long>> NUMBERS =
            Map.of(
                    "alpha_n", List.of(1L),
                    "alpha_p", List.of(1L),
                    "beta", List.of(),
                    "eps", List.of());

    /// Those of all blocks.
    ///
    /// @throws entropylens.checkpoint.CheckpointException when a block lacks one
    static List<DerivedTensor> tensors(ConfigWriter config) {
        var tensors = new ArrayList<DerivedTensor>();
        int blocks = config.require("block_count");
        NUMBERS.forEach((name, shape) -> {
            String key = GROUP + "." + name;
            double[] numbers = config.metadata().numbers(key);
            if (numbers.length != blocks) {
                throw config.unsupported(
                        "%s has %,d numbers, but there are %,d blocks; the file is damaged, download it again"
                                .formatted(key, numbers.length, blocks));
            }
            for (int layer = 0; layer < blocks; layer++) {
                if (!Double.isFinite(numbers[layer])) {
                    throw config.unsupported(
                            "%s holds %s, which is no number; the file is damaged, download it again"
                                    .formatted(key, numbers[layer]));
                }
                tensors.add(
                        new LearnedSlopes(
                                "model.layers.%d.mlp.act_fn.%s".formatted(layer, name),
                                shape,
                                (float) numbers[layer],
                                config.metadata().file()));
            }
        });
        return tensors;
    }

    /// @throws entropylens.checkpoint.CheckpointException when the file says something else of the
    ///   activation
    static void refuseOthers(ConfigWriter config) {
        for (String key : config.metadata().keys()) {
            boolean ofGroup = key.startsWith(GROUP + ".");
            if (ofGroup && !NUMBERS.containsKey(key.substring(GROUP.length() + 1))) {
                throw config.unsupported(
                        "its metadata have '%s', which nobody here knows and which may change the model"
                                .formatted(key));
            }
        }
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public long storedBytes() {
        return Float.BYTES;
    }

    @Override
    public Tensor copied(Arena arena) {
        MemorySegment to = arena.allocate(Float.BYTES, Long.BYTES);
        to.set(ValueLayout.JAVA_FLOAT, 0, number);
        return new Tensor(name, DType.F32, shape, to.asReadOnly(), file);
    }
}
