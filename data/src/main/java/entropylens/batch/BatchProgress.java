package entropylens.batch;

/// Told how far a batch is.
@FunctionalInterface
public interface BatchProgress {
    /// @param rows of the files that were gone through
    /// @param texts measured in this run so far, those of earlier runs left out
    void update(String model, long rows, long texts);
}
