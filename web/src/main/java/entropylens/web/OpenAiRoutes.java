package entropylens.web;

import entropylens.web.ApiRoutes.Route;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The door for clients of OpenAI's API. docs/openai.md says what is taken and what is answered,
/// `openapi.json` describes it.
final class OpenAiRoutes {
    static final String ROOT = "/v1/";

    private final ServedModels models;
    private final long started = Instant.now().getEpochSecond();
    private final List<Route> routes;

    OpenAiRoutes(ServedModels models, Turns turns) {
        this.models = models;
        OpenAiHandler completions = new OpenAiHandler(models, turns, OpenAiShape.TEXT);
        OpenAiHandler chat = new OpenAiHandler(models, turns, OpenAiShape.CHAT);
        routes =
                List.of(
                        new Route(HandlerType.GET, ROOT + "models", this::models),
                        new Route(HandlerType.GET, ROOT + "models/<model>", this::one),
                        new Route(HandlerType.POST, ROOT + "completions", completions),
                        new Route(HandlerType.POST, ROOT + "chat/completions", chat));
    }

    List<Route> list() {
        return routes;
    }

    private void models(Context context) {
        List<Map<String, Object>> data = models.names().stream().map(this::described).toList();
        Answers.json(context, Map.of("object", "list", "data", data));
    }

    private void one(Context context) {
        String name = context.pathParam("model");
        models.requireNamed(name);
        Answers.json(context, described(name));
    }

    private Map<String, Object> described(String name) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", name);
        json.put("object", "model");
        json.put("created", started);
        json.put("owned_by", "entropy-lens");
        return json;
    }
}
