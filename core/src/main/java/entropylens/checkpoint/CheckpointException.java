package entropylens.checkpoint;

import java.io.Serial;

/// A checkpoint that cannot be used: damaged, incomplete, or of a kind that is not supported. The
/// message is meant for the user, as it is.
public final class CheckpointException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    /// A refusal that explains itself.
    public CheckpointException(String message) {
        super(message);
    }

    /// A refusal whose reason came from a library or the operating system.
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
