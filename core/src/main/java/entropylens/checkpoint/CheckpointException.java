package entropylens.checkpoint;

import java.io.Serial;

/// A checkpoint that cannot be used: damaged, incomplete, or of a kind that is not supported. The
/// message is meant for the user, as it is.
public final class CheckpointException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final transient Remedy remedy;

    /// A refusal that explains itself.
    public CheckpointException(String message) {
        this(message, Remedy.NONE);
    }

    /// A refusal about which something can be done.
    public CheckpointException(String message, Remedy remedy) {
        super(message);
        this.remedy = remedy;
    }

    /// A refusal whose reason came from a library or the operating system.
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
        this.remedy = Remedy.NONE;
    }

    /// What may be done about it, beyond what the message says.
    public Remedy remedy() {
        return remedy;
    }
}
