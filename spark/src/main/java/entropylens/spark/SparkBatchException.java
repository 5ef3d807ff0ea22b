package entropylens.spark;

import java.io.Serial;

/// A job that cannot be done as it was asked for, or where it runs. The message is meant for the
/// user, as it is, on one line.
public final class SparkBatchException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    public SparkBatchException(String message) {
        super(message);
    }

    /// @param cause stays on the machine where it was thrown: others may not have its class
    public SparkBatchException(String message, Throwable cause) {
        super(message);
        setStackTrace(cause.getStackTrace());
    }
}
