package entropylens.checkpoint;

import java.io.Serial;

/// A weight file was changed while a model was reading it, so what was computed from it since is
/// worth nothing. The message is meant for the user, as it is.
public final class FileChangedException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    FileChangedException(String message) {
        super(message);
    }
}
