package entropylens.web;

import java.io.Serial;

/// A request that is refused, with a message for whoever sent it: what was expected, what was
/// found.
final class ApiException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    static final int WRONG = 400;
    static final int NO_TOKEN = 401;
    static final int FORBIDDEN = 403;
    static final int UNKNOWN = 404;
    static final int TOO_LARGE = 413;
    static final int NOT_JSON = 415;
    static final int IMPOSSIBLE = 422;
    static final int BUSY = 503;

    private final int status;

    /// @param status of HTTP
    ApiException(int status, String message) {
        super(message);
        this.status = status;
    }

    static ApiException wrong(String message, Object... arguments) {
        return new ApiException(WRONG, message.formatted(arguments));
    }

    int status() {
        return status;
    }
}
