package entropylens.study.statistics;

/// t-SNE to two dimensions without approximation (van der Maaten and Hinton 2008): all pairs, every
/// iteration. Set up as scikit-learn's `TSNE(method="exact", init="pca")`: first two principal
/// components with the first brought to standard deviation 1e-4, early exaggeration 12 for 250
/// iterations with momentum 0.5, then 0.8; learning rate `max(rows / 48, 50)`, gains per
/// coordinate.
///
/// Nothing is drawn at random, and the same rows give the same bits everywhere; but t-SNE is
/// chaotic, and a rounding at the start can turn up as another arrangement of the same clusters.
///
/// Distances between clusters in such a map mean little; use [GroupDistances] for those.
///
/// @param perplexity the number of neighbours that count, roughly; below the number of rows
/// @param iterations more than 250; 1,000 by default
public record ExactTsne(double perplexity, int iterations) {
    /// Memory and time grow with the square of the rows: here 64 MB and minutes.
    public static final int MAX_ROWS = 4_000;

    static final int EXPLORATION = 250;
    private static final double EXAGGERATION = 12;
    private static final double START_DEVIATION = 1e-4;
    private static final int CHECK_EVERY = 50;
    private static final int WITHOUT_PROGRESS = 300;
    private static final double MIN_GRADIENT = 1e-7;

    public ExactTsne {
        Require.that(
                perplexity >= 1 && Double.isFinite(perplexity),
                "perplexity is %s, expected 1 or more, as 20",
                perplexity);
        Require.atLeast(EXPLORATION + 1, iterations, "iterations of t-SNE");
    }

    public ExactTsne(double perplexity) {
        this(perplexity, 1_000);
    }

    /// A map and how good it is.
    ///
    /// @param points `[rows][2]`
    /// @param divergence Kullback-Leibler divergence of the map's affinities from those of the
    ///   rows, in nats
    /// @param iterations done; fewer than asked for where nothing moved any more
    public record Embedding(double[][] points, double divergence, int iterations) {}

    /// A map of these rows.
    ///
    /// @throws IllegalArgumentException when there are no more rows than the perplexity, more than
    ///   [#MAX_ROWS], or all are equal
    public Embedding embed(double[][] rows) {
        Require.matrix(rows, "rows to map");
        Require.that(
                rows.length > perplexity && rows.length > 2,
                "t-SNE with perplexity %s of %d rows; the perplexity must be below the number of"
                        + " rows",
                perplexity,
                rows.length);
        Require.that(
                rows.length <= MAX_ROWS,
                "exact t-SNE of %d rows; it compares all pairs, so draw %d of them",
                rows.length,
                MAX_ROWS);
        TsneDescent descent = new TsneDescent(Affinities.ofPairs(rows, perplexity), start(rows));
        descent.run(EXPLORATION, 0.5, EXAGGERATION);
        descent.rest();
        return settle(descent);
    }

    private Embedding settle(TsneDescent descent) {
        double best = Double.POSITIVE_INFINITY;
        int bestAt = EXPLORATION;
        int done = EXPLORATION;
        while (done < iterations) {
            int some = Math.min(CHECK_EVERY, iterations - done);
            double gradient = descent.run(some, 0.8, 1);
            done += some;
            double divergence = descent.divergence();
            if (divergence < best) {
                best = divergence;
                bestAt = done;
            }
            if (done - bestAt > WITHOUT_PROGRESS || gradient <= MIN_GRADIENT) {
                break;
            }
        }
        return new Embedding(descent.points(), descent.divergence(), done);
    }

    private static double[][] start(double[][] rows) {
        int count = Math.min(2, rows[0].length);
        PrincipalComponents components = PrincipalComponents.fit(rows, count);
        double[][] projected = components.project(rows);
        double population = (rows.length - 1.0) / rows.length;
        double scale = START_DEVIATION / Math.sqrt(components.variances()[0] * population);
        double[][] start = new double[2][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int c = 0; c < count; c++) {
                start[c][i] = projected[i][c] * scale;
            }
        }
        return start;
    }
}
