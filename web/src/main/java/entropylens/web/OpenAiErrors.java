package entropylens.web;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Errors as clients of OpenAI's API read them.
final class OpenAiErrors {
    private OpenAiErrors() {}

    /// A request that cannot be answered is a bad one to these clients.
    static int status(int status) {
        return status == ApiException.IMPOSSIBLE || status == ApiException.TOO_LARGE
                ? ApiException.WRONG
                : status;
    }

    /// `{"error": {"message", "type", "param", "code"}}`.
    ///
    /// @param status before [#status(int)]
    static Map<String, Object> json(Exception e, int status, String message) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("message", message);
        error.put("type", type(status));
        error.put("param", e instanceof ApiException refused ? refused.field() : null);
        error.put("code", code(status, message));
        return Map.of("error", error);
    }

    private static String type(int status) {
        return switch (status) {
            case ApiException.NO_TOKEN -> "authentication_error";
            case ApiException.FORBIDDEN -> "permission_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    private static @Nullable String code(int status, String message) {
        return switch (status) {
            case ApiException.NO_TOKEN -> "invalid_api_key";
            case ApiException.UNKNOWN ->
                    message.startsWith("there is no model") ? "model_not_found" : null;
            case ApiException.BUSY -> "overloaded";
            case ApiException.IMPOSSIBLE ->
                    message.contains("exceed the model's context")
                            ? "context_length_exceeded"
                            : null;
            default -> null;
        };
    }
}
