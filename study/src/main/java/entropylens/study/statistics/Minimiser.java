package entropylens.study.statistics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/// Finds the minimum of a smooth convex function: limited-memory BFGS (Nocedal and Wright,
/// Numerical Optimization, algorithm 7.4) with a backtracking line search.
final class Minimiser {
    /// Steps that the curvature is remembered from.
    private static final int MEMORY = 20;

    private static final int MAX_HALVINGS = 60;

    /// Share of the expected decrease that a step must bring (Armijo).
    private static final double SUFFICIENT = 1e-4;

    /// Near the minimum, values differ by less than their rounding while the gradient still says
    /// where to go; this much, relative, may a step seem to rise.
    private static final double ROUNDING = 1e-14;

    /// A function with its gradient.
    @FunctionalInterface
    interface Objective {
        /// The value at a point; writes the gradient there, all elements of it.
        double evaluate(double[] point, double[] gradient);
    }

    /// @param reached whether the gradient came below the tolerance
    record Minimum(double[] point, double largestGradient, int iterations, boolean reached) {}

    /// One step and the change of the gradient along it.
    private record Curvature(double[] step, double[] change, double product) {}

    private final Objective objective;
    private final Deque<Curvature> memory = new ArrayDeque<>();
    private double[] point;
    private double[] gradient;
    private double value;

    private Minimiser(Objective objective, double[] start) {
        this.objective = objective;
        this.point = start.clone();
        this.gradient = new double[start.length];
        this.value = objective.evaluate(point, gradient);
    }

    /// @param tolerance the largest element of the gradient that counts as 0
    static Minimum minimise(
            Objective objective, double[] start, double tolerance, int mostIterations) {
        Minimiser minimiser = new Minimiser(objective, start);
        int iteration = 0;
        boolean moving = true;
        while (moving && largest(minimiser.gradient) > tolerance && iteration < mostIterations) {
            moving = minimiser.step();
            iteration++;
        }
        double left = largest(minimiser.gradient);
        return new Minimum(minimiser.point, left, iteration, left <= tolerance);
    }

    /// Moves along the direction of descent; false when no step is short enough to be one.
    private boolean step() {
        double[] direction = direction();
        double slope = dot(direction, gradient);
        double length = memory.isEmpty() ? 1 / Math.max(1, Math.sqrt(-slope)) : 1;
        double[] next = new double[point.length];
        double[] nextGradient = new double[point.length];
        for (int halving = 0; halving < MAX_HALVINGS; halving++, length /= 2) {
            for (int i = 0; i < next.length; i++) {
                next[i] = point[i] + length * direction[i];
            }
            double nextValue = objective.evaluate(next, nextGradient);
            double allowed = value + SUFFICIENT * length * slope + ROUNDING * Math.abs(value);
            if (nextValue <= allowed) {
                remember(next, nextGradient);
                point = next;
                gradient = nextGradient;
                value = nextValue;
                return true;
            }
        }
        return false;
    }

    private void remember(double[] next, double[] nextGradient) {
        double[] step = difference(next, point);
        double[] change = difference(nextGradient, gradient);
        double product = dot(step, change);
        // not positive only by rounding, as the function is convex
        if (product > 0) {
            if (memory.size() == MEMORY) {
                memory.removeFirst();
            }
            memory.addLast(new Curvature(step, change, product));
        }
    }

    /// Minus the approximate inverse Hessian times the gradient, by the two-loop recursion.
    private double[] direction() {
        double[] direction = gradient.clone();
        double[] shares = new double[memory.size()];
        int index = memory.size();
        for (Iterator<Curvature> i = memory.descendingIterator(); i.hasNext(); ) {
            Curvature seen = i.next();
            index--;
            shares[index] = dot(seen.step, direction) / seen.product;
            add(direction, -shares[index], seen.change);
        }
        Curvature latest = memory.peekLast();
        double scale = latest == null ? 1 : latest.product / dot(latest.change, latest.change);
        for (int i = 0; i < direction.length; i++) {
            direction[i] *= scale;
        }
        for (Curvature seen : memory) {
            double share = shares[index++] - dot(seen.change, direction) / seen.product;
            add(direction, share, seen.step);
        }
        for (int i = 0; i < direction.length; i++) {
            direction[i] = -direction[i];
        }
        return direction;
    }

    private static double[] difference(double[] a, double[] b) {
        double[] difference = a.clone();
        add(difference, -1, b);
        return difference;
    }

    private static void add(double[] to, double factor, double[] other) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * other[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
