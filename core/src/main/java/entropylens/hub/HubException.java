package entropylens.hub;

import entropylens.checkpoint.Remedy;
import java.io.Serial;

/// A model that cannot be found, named or fetched. The message is meant for the user, as it is; it
/// never holds a token or a signed URL.
public final class HubException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final transient Remedy remedy;

    /// A refusal that explains itself.
    public HubException(String message) {
        this(message, Remedy.NONE);
    }

    /// A refusal about which something can be done.
    public HubException(String message, Remedy remedy) {
        super(message);
        this.remedy = remedy;
    }

    /// A refusal whose reason came from the operating system or the network.
    public HubException(String message, Throwable cause) {
        this(message, Remedy.NONE, cause);
    }

    /// A refusal about which something can be done, and whose reason came from elsewhere.
    public HubException(String message, Remedy remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /// What may be done about it, beyond what the message says.
    public Remedy remedy() {
        return remedy;
    }
}
