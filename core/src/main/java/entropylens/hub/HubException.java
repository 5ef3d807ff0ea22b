package entropylens.hub;

import java.io.Serial;

/// A model that cannot be found, named or fetched. The message is meant for the user, as it is; it
/// never holds a token or a signed URL.
public final class HubException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    /// A refusal that explains itself.
    public HubException(String message) {
        super(message);
    }

    /// A refusal whose reason came from the operating system or the network.
    public HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
