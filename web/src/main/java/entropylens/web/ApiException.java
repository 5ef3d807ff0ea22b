package entropylens.web;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable String field;

    /// @param status of HTTP
    ApiException(int status, String message) {
        this(status, message, null);
    }

    /// @param field of the request that it is about
    ApiException(int status, String message, @Nullable String field) {
        super(message);
        this.status = status;
        this.field = field;
    }

    /// What is wrong with a field.
    static ApiException wrongField(String field, String message) {
        return new ApiException(WRONG, message, field);
    }

    static ApiException wrong(String message, Object... arguments) {
        return new ApiException(WRONG, message.formatted(arguments));
    }

    @Nullable String field() {
        return field;
    }

    int status() {
        return status;
    }
}
