package entropylens.study.statistics;

/// An estimate and the interval around it.
///
/// @param level share of such intervals that hold the true value, as 0.95
public record Interval(double estimate, double low, double high, double level) {
    /// Whether a value lies inside, ends included.
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
