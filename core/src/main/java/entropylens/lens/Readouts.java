package entropylens.lens;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What a readout found, row by row.
public final class Readouts {
    private final ReadoutRequest request;

    /// `[statistic][row]`, in the order of the request.
    private final double[][] columns;

    private final int[][] topIds;
    private final float[][] topProbabilities;

    private Readouts(
            ReadoutRequest request,
            double[][] columns,
            int[][] topIds,
            float[][] topProbabilities) {
        this.request = request;
        this.columns = columns;
        this.topIds = topIds;
        this.topProbabilities = topProbabilities;
    }

    /// A readout that was computed elsewhere.
    ///
    /// @param columns `[statistic][row]`, in the order of the request; NaN where absent
    /// @param topIds `[row][k]`, empty unless asked for
    /// @param topProbabilities likewise
    public static Readouts of(
            ReadoutRequest request,
            double[][] columns,
            int[][] topIds,
            float[][] topProbabilities) {
        if (columns.length != request.statistics().size()) {
            throw new IllegalArgumentException(
                    "%d columns for the %d statistics %s"
                            .formatted(
                                    columns.length,
                                    request.statistics().size(),
                                    request.statistics()));
        }
        return new Readouts(request, columns, topIds, topProbabilities);
    }

    static Readouts allocate(int rows, ReadoutRequest request) {
        boolean top = request.topK() > 0;
        return new Readouts(
                request,
                new double[request.statistics().size()][rows],
                new int[top ? rows : 0][],
                new float[top ? rows : 0][]);
    }

    /// What was asked for.
    public ReadoutRequest request() {
        return request;
    }

    /// How many rows were read.
    public int rows() {
        return columns[0].length;
    }

    /// A statistic of every row, in its unit; NaN where it is absent.
    ///
    /// @throws IllegalArgumentException when it was not asked for
    public double[] column(Statistic statistic) {
        int index = request.statistics().indexOf(statistic);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "%s was not asked for; asked for were %s"
                            .formatted(statistic, request.statistics()));
        }
        return columns[index];
    }

    /// Shannon entropies, nats.
    public double[] entropy() {
        return columns[0];
    }

    /// `[row][k]`, most probable first; of equal logits the smaller id. Empty unless asked for.
    public int[][] topIds() {
        return topIds;
    }

    /// Their probabilities, `[row][k]`.
    public float[][] topProbabilities() {
        return topProbabilities;
    }

    /// Stores what was summed over a row.
    void store(int row, RowSums sums) {
        for (int i = 0; i < columns.length; i++) {
            columns[i][row] = request.statistics().get(i).read(sums);
        }
        if (topIds.length > 0) {
            topIds[row] = sums.topIds();
            topProbabilities[row] = sums.topProbabilities();
        }
    }

    /// The rows of several readouts of one request, one after the other.
    static Readouts join(List<Readouts> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        ReadoutRequest request = parts.getFirst().request;
        double[][] columns = new double[request.statistics().size()][];
        for (int i = 0; i < columns.length; i++) {
            int index = i;
            columns[i] =
                    parts.stream()
                            .flatMapToDouble(part -> Arrays.stream(part.columns[index]))
                            .toArray();
        }
        return new Readouts(
                request,
                columns,
                parts.stream().flatMap(part -> Arrays.stream(part.topIds)).toArray(int[][]::new),
                parts.stream()
                        .flatMap(part -> Arrays.stream(part.topProbabilities))
                        .toArray(float[][]::new));
    }

    /// Of every `each` rows the first `kept`.
    Readouts firstOfEach(int each, int kept) {
        if (kept == each) {
            return this;
        }
        int[] rows = IntStream.range(0, rows()).filter(row -> row % each < kept).toArray();
        return new Readouts(
                request,
                Arrays.stream(columns)
                        .map(column -> Arrays.stream(rows).mapToDouble(r -> column[r]).toArray())
                        .toArray(double[][]::new),
                topIds.length == 0
                        ? topIds
                        : Arrays.stream(rows).mapToObj(r -> topIds[r]).toArray(int[][]::new),
                topIds.length == 0
                        ? topProbabilities
                        : Arrays.stream(rows)
                                .mapToObj(r -> topProbabilities[r])
                                .toArray(float[][]::new));
    }

    /// NaN for what a row before would have to say of rows that have none.
    Readouts withoutRowBefore(int everyRow) {
        for (int i = 0; i < columns.length; i++) {
            if (request.statistics().get(i).needs(Statistic.Need.OVERLAP)) {
                for (int row = 0; row < columns[i].length; row += everyRow) {
                    columns[i][row] = Double.NaN;
                }
            }
        }
        return this;
    }
}
