package entropylens.lens;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// What a readout found, column by column; index = row. Columns that were not asked for have length
/// 0.
///
/// @param entropy Shannon entropy, nats
/// @param renyi `[alpha][row]`, nats, in the order of the request
/// @param topPSize `[p][row]`, size of the smallest set of tokens whose probability reaches p
/// @param topPShared `[p][row]`, tokens that this set has in common with that of the row before; 0
///   for the first row
/// @param topIds `[row][k]`, most probable first; equal logits by smaller id
/// @param topProbabilities `[row][k]`
/// @param targetProbability probability of the target token
/// @param targetRank 1 + number of tokens with a larger logit than the target's
/// @param divergence `KL(reference ‖ row)`, nats
/// @param logitStd standard deviation of the logits over the vocabulary (divided by d_vocab)
/// @param norm Euclidean norm of the row before the final norm
public record Readouts(
        double[] entropy,
        double[][] renyi,
        int[][] topPSize,
        int[][] topPShared,
        int[][] topIds,
        float[][] topProbabilities,
        double[] targetProbability,
        int[] targetRank,
        double[] divergence,
        double[] logitStd,
        double[] norm) {

    static Readouts allocate(int rows, ReadoutRequest request) {
        int target = request.target() ? rows : 0;
        boolean top = request.topK() > 0;
        return new Readouts(
                new double[rows],
                new double[request.alphas().size()][rows],
                new int[request.topPs().size()][rows],
                new int[request.overlap() ? request.topPs().size() : 0][rows],
                new int[top ? rows : 0][request.topK()],
                new float[top ? rows : 0][request.topK()],
                new double[target],
                new int[target],
                new double[request.divergence() ? rows : 0],
                new double[request.logitStd() ? rows : 0],
                new double[request.norm() ? rows : 0]);
    }

    /// The rows of several readouts of one request, one after the other.
    static Readouts join(List<Readouts> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        return new Readouts(
                doubles(parts, Readouts::entropy),
                IntStream.range(0, parts.getFirst().renyi().length)
                        .mapToObj(a -> doubles(parts, part -> part.renyi()[a]))
                        .toArray(double[][]::new),
                counts(parts, Readouts::topPSize),
                counts(parts, Readouts::topPShared),
                parts.stream().flatMap(part -> Arrays.stream(part.topIds())).toArray(int[][]::new),
                parts.stream()
                        .flatMap(part -> Arrays.stream(part.topProbabilities()))
                        .toArray(float[][]::new),
                doubles(parts, Readouts::targetProbability),
                ints(parts, Readouts::targetRank),
                doubles(parts, Readouts::divergence),
                doubles(parts, Readouts::logitStd),
                doubles(parts, Readouts::norm));
    }

    private static double[] doubles(List<Readouts> parts, Function<Readouts, double[]> column) {
        return parts.stream().flatMapToDouble(part -> Arrays.stream(column.apply(part))).toArray();
    }

    private static int[][] counts(List<Readouts> parts, Function<Readouts, int[][]> columns) {
        return IntStream.range(0, columns.apply(parts.getFirst()).length)
                .mapToObj(p -> ints(parts, part -> columns.apply(part)[p]))
                .toArray(int[][]::new);
    }

    private static int[] ints(List<Readouts> parts, Function<Readouts, int[]> column) {
        return parts.stream().flatMapToInt(part -> Arrays.stream(column.apply(part))).toArray();
    }
}
