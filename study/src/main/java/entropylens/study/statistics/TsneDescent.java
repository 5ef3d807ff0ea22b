package entropylens.study.statistics;

import java.util.Arrays;

/// The gradient descent of [ExactTsne].
///
/// The gradient of point i is `4 sum_j (p_ij - q_ij / Z) q_ij (y_i - y_j)` with `q_ij = 1 / (1 +
/// |y_i - y_j|^2)`. Z is known only at the end of a pass over the pairs, so attraction `p q (y_i -
/// y_j)` and repulsion `q^2 (y_i - y_j)` are summed apart: one pass, one division a pair, and no q
/// is stored.
final class TsneDescent {
    private static final double MIN_GAIN = 0.01;

    private final double[] affinities;
    private final int n;
    private final double learningRate;
    private final Axis horizontal;
    private final Axis vertical;

    /// @param affinities of the pairs, as [Affinities#ofPairs] orders them
    /// @param start `[2][rows]`
    TsneDescent(double[] affinities, double[][] start) {
        this.affinities = affinities;
        this.n = start[0].length;
        this.learningRate = Math.max(n / 48.0, 50);
        this.horizontal = new Axis(start[0]);
        this.vertical = new Axis(start[1]);
    }

    /// Starts anew from where the points are.
    void rest() {
        horizontal.rest();
        vertical.rest();
    }

    /// Some iterations.
    ///
    /// @return the norm of the last gradient, gains applied
    double run(int iterations, double momentum, double exaggeration) {
        double squares = 0;
        for (int i = 0; i < iterations; i++) {
            double normaliser = sumForces();
            squares =
                    horizontal.move(normaliser, momentum, exaggeration, learningRate)
                            + vertical.move(normaliser, momentum, exaggeration, learningRate);
        }
        return Math.sqrt(squares);
    }

    /// One pass over all pairs.
    ///
    /// @return Z, the sum of q over ordered pairs
    private double sumForces() {
        horizontal.clearForces();
        vertical.clearForces();
        double sum = 0;
        for (int i = 1; i < n; i++) {
            sum += sumForcesOn(i, horizontal, vertical);
        }
        return 2 * sum;
    }

    /// Forces between one point and those before it.
    private double sumForcesOn(int i, Axis h, Axis v) {
        int row = i * (i - 1) / 2;
        double x = h.position[i];
        double y = v.position[i];
        double sum = 0;
        double attractX = 0;
        double attractY = 0;
        double repelX = 0;
        double repelY = 0;
        for (int j = 0; j < i; j++) {
            double dx = x - h.position[j];
            double dy = y - v.position[j];
            double q = 1 / (1 + dx * dx + dy * dy);
            double attraction = affinities[row + j] * q;
            double repulsion = q * q;
            sum += q;
            attractX += attraction * dx;
            attractY += attraction * dy;
            repelX += repulsion * dx;
            repelY += repulsion * dy;
            h.attract[j] -= attraction * dx;
            v.attract[j] -= attraction * dy;
            h.repel[j] -= repulsion * dx;
            v.repel[j] -= repulsion * dy;
        }
        h.attract[i] += attractX;
        v.attract[i] += attractY;
        h.repel[i] += repelX;
        v.repel[i] += repelY;
        return sum;
    }

    /// Kullback-Leibler divergence of the map from the affinities, in nats.
    double divergence() {
        double normaliser = 0;
        for (int i = 1; i < n; i++) {
            for (int j = 0; j < i; j++) {
                normaliser += 2 * nearness(i, j);
            }
        }
        double sum = 0;
        int at = 0;
        for (int i = 1; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double p = affinities[at++];
                double q = Math.max(nearness(i, j) / normaliser, Affinities.LEAST);
                sum += 2 * p * StrictMath.log(p / q);
            }
        }
        return sum;
    }

    private double nearness(int i, int j) {
        double dx = horizontal.position[i] - horizontal.position[j];
        double dy = vertical.position[i] - vertical.position[j];
        return 1 / (1 + dx * dx + dy * dy);
    }

    /// `[rows][2]`
    double[][] points() {
        double[][] points = new double[n][];
        for (int i = 0; i < n; i++) {
            points[i] = new double[] {horizontal.position[i], vertical.position[i]};
        }
        return points;
    }

    /// One coordinate of every point, how it moves, and what pulls at it.
    private static final class Axis {
        final double[] position;
        final double[] speed;
        final double[] gain;
        final double[] attract;
        final double[] repel;

        Axis(double[] start) {
            position = start.clone();
            speed = new double[start.length];
            gain = new double[start.length];
            attract = new double[start.length];
            repel = new double[start.length];
            rest();
        }

        void rest() {
            Arrays.fill(speed, 0);
            Arrays.fill(gain, 1);
        }

        void clearForces() {
            Arrays.fill(attract, 0);
            Arrays.fill(repel, 0);
        }

        /// Moves; a coordinate that keeps its direction gains speed, one that turns back loses it.
        ///
        /// @return the squared norm of the gradient, gains applied
        double move(double normaliser, double momentum, double exaggeration, double learningRate) {
            double squares = 0;
            for (int i = 0; i < position.length; i++) {
                double gradient = 4 * (exaggeration * attract[i] - repel[i] / normaliser);
                boolean keeps = speed[i] * gradient < 0; // speed goes against the gradient
                gain[i] = Math.max(MIN_GAIN, keeps ? gain[i] + 0.2 : gain[i] * 0.8);
                gradient *= gain[i];
                speed[i] = momentum * speed[i] - learningRate * gradient;
                position[i] += speed[i];
                squares += gradient * gradient;
            }
            return squares;
        }
    }
}
