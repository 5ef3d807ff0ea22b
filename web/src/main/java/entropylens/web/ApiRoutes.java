package entropylens.web;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// What can be asked for. `openapi.json` describes it; a test holds it against this list.
final class ApiRoutes {
    static final String ROOT = "/api/v1/";

    /// @param method of HTTP
    record Route(HandlerType method, String path, Handler handler) {
        void add(JavalinConfig config) {
            config.routes.addHttpHandler(method, path, handler);
        }
    }

    private final List<Route> routes;

    /// @param turns of texts
    /// @param questions turns of what is asked of runs
    ApiRoutes(ServedModels models, ServedRuns served, Turns turns, Turns questions) {
        RunHandlers runs = new RunHandlers(served, models, questions);
        TextHandlers texts = new TextHandlers(models);
        ProfileHandler profile = new ProfileHandler(models, turns);
        GenerateHandler generate = new GenerateHandler(models, turns);
        routes =
                List.of(
                        new Route(HandlerType.GET, ROOT + "models", texts::models),
                        new Route(HandlerType.POST, ROOT + "tokenise", texts::tokenise),
                        new Route(HandlerType.POST, ROOT + "profile", profile),
                        new Route(HandlerType.POST, ROOT + "generate", generate),
                        new Route(HandlerType.GET, ROOT + "runs", runs::list),
                        new Route(HandlerType.POST, ROOT + "runs/groups", runs::groups),
                        new Route(HandlerType.POST, ROOT + "runs/texts", runs::texts),
                        new Route(HandlerType.POST, ROOT + "runs/text", runs::text),
                        new Route(HandlerType.GET, ROOT + "openapi.json", ApiRoutes::openApi));
    }

    List<Route> list() {
        return routes;
    }

    private static void openApi(Context context) throws IOException {
        context.contentType(Answers.JSON).result(StaticPage.resource("openapi.json"));
    }

    /// The body of a request, which may have so many bytes.
    ///
    /// @throws ApiException when it has more
    static byte[] body(Context context) throws IOException {
        byte[] body = context.req().getInputStream().readNBytes(Limits.BODY + 1);
        if (body.length > Limits.BODY) {
            throw new ApiException(
                    ApiException.TOO_LARGE,
                    "the body may have %,d bytes, but has more".formatted(Limits.BODY));
        }
        return body;
    }

    static Map<String, Object> error(String message) {
        return Map.of("error", message);
    }
}
