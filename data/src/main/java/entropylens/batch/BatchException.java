package entropylens.batch;

import java.io.Serial;

/// A row of a user's that cannot be measured, with file and place. The message is meant for the
/// user, as it is, on one line.
public final class BatchException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    public BatchException(String message) {
        super(message);
    }
}
