package entropylens.web;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.FileChangedException;
import entropylens.kernels.DeviceException;
import entropylens.lens.NotEnoughMemoryException;
import entropylens.result.Json;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;

/// How requests are answered: JSON, errors too.
final class Answers {
    static final String JSON = "application/json";

    private Answers() {}

    static void json(Context context, Object value) {
        context.contentType(JSON).result(Json.MAPPER.writeValueAsBytes(value));
    }

    /// Errors as `{"error": "…"}`.
    static void addErrors(JavalinConfig config, ServedModels models) {
        config.routes.exception(
                HttpResponseException.class,
                (e, context) -> refuse(context, e, e.getStatus(), e.getMessage() + ""));
        config.routes.exception(
                Exception.class, (e, context) -> refuse(context, e, status(e), message(e, models)));
    }

    private static void refuse(Context context, Exception e, int status, String message) {
        if (status == ApiException.BUSY) {
            context.header("Retry-After", "2");
        }
        boolean ofOpenAi = context.path().startsWith(OpenAiRoutes.ROOT);
        context.status(ofOpenAi ? OpenAiErrors.status(status) : status);
        json(context, ofOpenAi ? OpenAiErrors.json(e, status, message) : ApiRoutes.error(message));
    }

    static int status(Exception e) {
        if (e instanceof ApiException refused) {
            return refused.status();
        }
        return isExplained(e) ? ApiException.IMPOSSIBLE : 500;
    }

    /// What is said about a failure: not where files lie, nor what classes are called.
    static String message(Exception e, ServedModels models) {
        return e instanceof ApiException || isExplained(e)
                ? models.withoutPlaces(e.getMessage() + "")
                : "unexpected %s; please report it".formatted(e.getClass().getSimpleName());
    }

    private static boolean isExplained(Exception e) {
        return e instanceof CheckpointException
                || e instanceof FileChangedException
                || e instanceof DeviceException
                || e instanceof NotEnoughMemoryException
                || e instanceof ArithmeticException
                || e instanceof IllegalArgumentException
                || e instanceof IllegalStateException;
    }
}
