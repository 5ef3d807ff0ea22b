package entropylens.web;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The door for clients of OpenAI's API. docs/openai.md says what is taken and what is answered.
final class OpenAiRoutes {
    static final String ROOT = "/v1/";

    private final ServedModels models;
    private final long started = Instant.now().getEpochSecond();
    private final OpenAiHandler completions;
    private final OpenAiHandler chat;

    OpenAiRoutes(ServedModels models, Turns turns) {
        this.models = models;
        completions = new OpenAiHandler(models, turns, OpenAiShape.TEXT);
        chat = new OpenAiHandler(models, turns, OpenAiShape.CHAT);
    }

    void add(JavalinConfig config) {
        config.routes.get(ROOT + "models", this::list);
        config.routes.get(ROOT + "models/<model>", this::one);
        config.routes.post(ROOT + "completions", completions);
        config.routes.post(ROOT + "chat/completions", chat);
    }

    private void list(Context context) {
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
