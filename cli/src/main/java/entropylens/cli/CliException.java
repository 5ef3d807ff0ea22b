package entropylens.cli;

import java.io.Serial;

/// Work that cannot be done, with a message meant for the user.
final class CliException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    CliException(String message) {
        super(message);
    }

    CliException(String message, Throwable cause) {
        super(message, cause);
    }
}
