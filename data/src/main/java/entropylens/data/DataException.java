package entropylens.data;

import java.io.Serial;

/// Data that cannot be read or kept: a file of the user's that is not what it should be, or a run
/// directory that cannot be used. The message is meant for the user, as it is, on one line.
public final class DataException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /// A refusal that explains itself.
    public DataException(String message) {
        super(message);
    }

    /// A refusal whose reason came from a library or the operating system.
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
