package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Remedy;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The weights that training would have begun with, drawn anew: those of transformers
/// (`PreTrainedModel._init_weights` in modeling_utils.py and what the families' models add to it,
/// version 5.18), one rule for all families:
///
/// - matrices and embeddings, learned positions too: `N(0, std²)`, where std is the configuration's
///   `initializer_range` (OPT: `init_std`), or 0.02 where that is absent or 0; GPT-2's matrices
///   that write to the stream have a smaller one ([Family#initialScale]);
/// - biases: 0;
/// - of recurrent mixers, how fast memories fade, how long steps are, and the matrices that Mamba
///   spreads evenly: as the model's own code draws them;
/// - weights of norms: such that the norm multiplies by 1, that is 1, or 0 where the family adds 1.
///
/// Two names of one tensor stay one, since a family takes a tied matrix once. One thing is left
/// out: transformers makes the row of the padding token 0, which matters to that token alone.
///
/// A number depends on the seed, the tensor's name and its place in the tensor, in the file's
/// order, and on nothing else: not on threads, nor on what else is drawn. It is rounded to the type
/// that the file has.
final class InitialWeights {
    /// Elements that one task draws; even, for numbers are drawn in pairs.
    private static final int CHUNK = 1 << 15;

    /// Where the configuration does not say it.
    private static final double STD = 0.02;

    /// 2⁶⁴ divided by the golden ratio: the step of SplitMix64.
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final long seed;
    private final double std;
    private final Arena arena;
    private final WorkerPool pool;

    /// @param std standard deviation of matrices; see [#std]
    /// @param arena where they will lie; any thread must be able to reach it
    InitialWeights(long seed, double std, Arena arena, WorkerPool pool) {
        this.seed = seed;
        this.std = std;
        this.arena = arena;
        this.pool = pool;
    }

    /// The standard deviation that a configuration asks for.
    ///
    /// @throws CheckpointException when it is negative
    static double std(ConfigJson json) {
        ConfigJson model = json.has("text_config") ? json.object("text_config").orElse(json) : json;
        String key = model.has("initializer_range") ? "initializer_range" : "init_std";
        double std = model.doubleOr(key, STD);
        if (std < 0) {
            throw new CheckpointException(
                    "%s: %s is %s, but a standard deviation must be at least 0; correct the file, or load its own weights"
                            .formatted(json.file(), key, std),
                    new Remedy.OwnWeights());
        }
        return std == 0 ? STD : std; // as in transformers
    }

    /// As many normal numbers as `tensor` has elements, in its type, off the heap.
    ///
    /// @param scale multiplies the standard deviation
    MemorySegment matrix(Tensor tensor, double scale) {
        return matrix(tensor.name(), tensor.dtype(), tensor.elements(), scale);
    }

    /// As many normal numbers as a tensor of this name would have, for one whose weights are kept
    /// as codes.
    MemorySegment matrix(String name, DType type, long elements, double scale) {
        MemorySegment data = arena.allocate(elements * type.bytes(), Double.BYTES);
        long key = key(name);
        long chunks = (elements + CHUNK - 1) / CHUNK;
        pool.run(
                Math.toIntExact(chunks),
                chunk -> {
                    long from = (long) chunk * CHUNK;
                    long to = Math.min(elements, from + CHUNK);
                    draw(key, scale * std, data, type, from, to);
                });
        return data.asReadOnly();
    }

    /// Logarithms of numbers that are spread evenly between two others: how fast the memories of
    /// recurrent mixers fade.
    float[] logUniform(String name, int count, double low, double high) {
        long key = key(name);
        float[] logs = new float[count];
        for (int i = 0; i < count; i++) {
            logs[i] = (float) StrictMath.log(low + (high - low) * uniform(key, i));
        }
        return logs;
    }

    /// Numbers that are spread evenly between two others, or all the same where these are equal; in
    /// the type of the tensor, off the heap.
    MemorySegment even(Tensor tensor, double low, double high) {
        DType type = tensor.dtype();
        MemorySegment data = arena.allocate(tensor.elements() * type.bytes(), Double.BYTES);
        long key = key(tensor.name());
        for (long i = 0; i < tensor.elements(); i++) {
            put(data, type, i, (float) (low + (high - low) * uniform(key, i)));
        }
        return data.asReadOnly();
    }

    /// What softplus makes into steps whose logarithms are spread evenly: its inverse.
    ///
    /// @param low,high of the steps
    /// @param least what a smaller one becomes
    float[] steps(String name, int count, double low, double high, double least) {
        long key = key(name);
        float[] steps = new float[count];
        double from = StrictMath.log(low);
        double ratio = StrictMath.log(high) - from;
        for (int i = 0; i < count; i++) {
            double step = Math.max(StrictMath.exp(from + ratio * uniform(key, i)), least);
            steps[i] = (float) (step + StrictMath.log(-StrictMath.expm1(-step)));
        }
        return steps;
    }

    private long key(String name) {
        long key = mix(seed);
        for (int i = 0; i < name.length(); i++) {
            key = mix(key + STEP + name.charAt(i));
        }
        return key;
    }

    /// Box and Muller: two uniform numbers make two normal ones. StrictMath's bits are the same on
    /// every machine.
    private static void draw(
            long key, double std, MemorySegment data, DType type, long from, long to) {
        for (long i = from; i < to; i += 2) {
            double radius = std * StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(key, i)));
            double angle = 2 * Math.PI * uniform(key, i + 1);
            put(data, type, i, (float) (radius * StrictMath.cos(angle)));
            if (i + 1 < to) {
                put(data, type, i + 1, (float) (radius * StrictMath.sin(angle)));
            }
        }
    }

    /// In `[0, 1)`, 53 bits: the number at a place in the stream of SplitMix64.
    private static double uniform(long key, long place) {
        return (mix(key + (place + 1) * STEP) >>> 11) * 0x1p-53;
    }

    /// SplitMix64's finalizer (Steele, Lea and Flood 2014; constants of Stafford's variant 13).
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }

    private static void put(MemorySegment data, DType type, long index, float value) {
        switch (type) {
            case F32 -> data.setAtIndex(FLOAT, index, value);
            case F16 -> data.setAtIndex(SHORT, index, Float.floatToFloat16(value));
            case BF16 -> data.setAtIndex(SHORT, index, upperHalf(value));
            default -> throw new IllegalStateException(type + " is no type to compute with");
        }
    }

    /// The nearest BF16, of two the even one.
    private static short upperHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }
}
