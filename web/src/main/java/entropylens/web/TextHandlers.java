package entropylens.web;

import entropylens.checkpoint.CheckpointException;
import entropylens.lens.StreamPoint;
import entropylens.model.DecoderConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which models there are, and how they read text.
final class TextHandlers {
    static final Set<String> NAMES =
            Stream.concat(PromptFields.NAMES.stream(), Stream.of(PromptFields.BARE))
                    .collect(Collectors.toUnmodifiableSet());

    private final ServedModels models;

    TextHandlers(ServedModels models) {
        this.models = models;
    }

    /// `GET models`.
    void models(Context context) {
        Answers.json(
                context, Map.of("models", models.names().stream().map(this::described).toList()));
    }

    private Map<String, Object> described(String name) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        try {
            ServedModel model = models.get(name);
            DecoderConfig config = model.lens().model().config();
            json.put("family", config.family());
            json.put("layers", config.nLayers());
            json.put("vocab", config.dVocab());
            json.put("n_ctx", config.nCtx());
            json.put("dtype", model.lens().loaded().dtype());
            json.put(
                    "points",
                    Arrays.stream(StreamPoint.values())
                            .filter(point -> point.isIn(config))
                            .map(StreamPoint::word)
                            .toList());
            json.put("lenses", model.lenses().names());
            json.put("has_tokenizer", model.hasTokenizer());
            json.put("has_chat_template", model.hasChatTemplate());
        } catch (CheckpointException | IllegalArgumentException e) {
            json.put("error", models.withoutPlaces(e.getMessage() + ""));
        }
        return json;
    }

    /// `POST tokenise`: ids of a text, or how ids read.
    void tokenise(Context context) throws IOException {
        Fields fields = Fields.parse(ApiRoutes.body(context), NAMES);
        ServedModel model = models.get(fields.text("model").orElse(null));
        PromptFields prompt = PromptFields.read(fields, model);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ids", prompt.ids());
        json.put("tokens", tokens(prompt.ids(), model));
        prompt.chat().ifPresent(chat -> json.put("prompt", chat.text()));
        Optional.ofNullable(model.tokens().decode(prompt.ids()))
                .ifPresent(text -> json.put("text", text));
        Answers.json(context, json);
    }

    static List<String> tokens(int[] ids, ServedModel model) {
        return Arrays.stream(ids).mapToObj(model.tokens()::token).toList();
    }
}
