package entropylens.study.skip;

import java.util.Arrays;
import java.util.stream.IntStream;

/// What is known of blocks before they are skipped: means over texts.
///
/// @param change ΔH, nats
/// @param updateNorm Euclidean norm of what each adds to the stream
/// @param turn 1 less the cosine of its input and output
record BlockTraits(double[] change, double[] updateNorm, double[] turn) {
    int blocks() {
        return change.length;
    }

    /// The same without the first block.
    BlockTraits withoutFirst() {
        return new BlockTraits(tail(change), tail(updateNorm), tail(turn));
    }

    private static double[] tail(double[] values) {
        return Arrays.copyOfRange(values, 1, values.length);
    }

    double[] of(BlockTrait trait) {
        return switch (trait) {
            case CHANGE -> change;
            case CHANGE_SIZE -> Arrays.stream(change).map(Math::abs).toArray();
            case DEPTH -> IntStream.range(0, blocks()).asDoubleStream().toArray();
            case UPDATE_NORM -> updateNorm;
            case TURN -> turn;
        };
    }

    /// 1 for blocks that expand, 0 for others.
    int[] kinds() {
        return Arrays.stream(change).mapToInt(value -> value > 0 ? 1 : 0).toArray();
    }
}
