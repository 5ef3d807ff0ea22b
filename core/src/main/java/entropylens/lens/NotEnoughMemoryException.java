package entropylens.lens;

import java.io.Serial;

/// A run that would not fit into the heap, refused before it starts.
public final class NotEnoughMemoryException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    NotEnoughMemoryException(String message) {
        super(message);
    }
}
