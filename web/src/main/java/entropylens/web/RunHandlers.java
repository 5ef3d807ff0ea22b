package entropylens.web;

import entropylens.data.RunBrowser;
import entropylens.data.RunBrowser.Part;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What runs hold: their parts, the mean profiles of their conditions, and the texts behind them.
final class RunHandlers {
    private static final Set<String> PART = Set.of("run", "study", "model", "lens", "point");
    static final Set<String> GROUPS = with("by");
    static final Set<String> TEXTS = with("by", "value", "offset", "limit");
    static final Set<String> TEXT = with("text_id");

    private final ServedRuns runs;
    private final ServedModels models;
    private final Turns turns;

    /// @param turns of questions to runs, one at a time
    RunHandlers(ServedRuns runs, ServedModels models, Turns turns) {
        this.runs = runs;
        this.models = models;
        this.turns = turns;
    }

    /// Answers in its turn, for a question to a large run takes all threads for a while.
    private void answer(Context context, Supplier<Object> question) throws IOException {
        Caller caller = Caller.of(context);
        Object found;
        try (Turns.Taken _ = turns.take(caller::requireThere)) {
            found = question.get();
        }
        Answers.json(context, found);
    }

    private static Set<String> with(String... more) {
        return Stream.concat(PART.stream(), Arrays.stream(more))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// `GET runs`.
    void list(Context context) throws IOException {
        answer(context, () -> Map.of("runs", runs.names().stream().map(this::described).toList()));
    }

    private Map<String, Object> described(String name) {
        return Map.of("name", name, "parts", runs.ask(name, RunHandlers::parts));
    }

    private static List<Map<String, Object>> parts(RunBrowser run) {
        List<Map<String, Object>> parts = new ArrayList<>();
        run.parts()
                .forEach((part, texts) -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("study", part.study());
                    json.put("model", part.model());
                    json.put("lens", part.lens());
                    json.put("point", part.point());
                    json.put("texts", texts);
                    json.put("by", run.conditions(part));
                    parts.add(json);
                });
        return parts;
    }

    /// `POST runs/groups`: the mean profile of each group of texts.
    void groups(Context context) throws IOException {
        Fields fields = Fields.parse(ApiRoutes.body(context), GROUPS);
        String by = required(fields, "by");
        Part part = part(fields);
        String name = required(fields, "run");
        answer(context, () -> Map.of("groups", runs.ask(name, run -> run.groups(part, by))));
    }

    /// `POST runs/texts`: some texts of a group.
    void texts(Context context) throws IOException {
        Fields fields = Fields.parse(ApiRoutes.body(context), TEXTS);
        String by = required(fields, "by");
        Part part = part(fields);
        int offset = fields.whole("offset", 0, 0, Integer.MAX_VALUE);
        int limit = fields.whole("limit", Limits.LISTED, 1, Limits.LISTED);
        String name = required(fields, "run");
        Optional<String> value = fields.text("value");
        answer(
                context,
                () ->
                        Map.of(
                                "texts",
                                runs.ask(name, run -> run.texts(part, by, value, offset, limit))));
    }

    /// `POST runs/text`: a text and what was measured of it, with the keys of a profile.
    void text(Context context) throws IOException {
        Fields fields = Fields.parse(ApiRoutes.body(context), TEXT);
        String id = required(fields, "text_id");
        Part part = part(fields);
        String name = required(fields, "run");
        answer(context, () -> runs.ask(name, run -> document(run, part, id)));
    }

    private Map<String, @Nullable Object> document(RunBrowser run, Part part, String id) {
        Map<String, @Nullable Object> json =
                run.text(part, id)
                        .orElseThrow(() ->
                                new ApiException(
                                        ApiException.UNKNOWN,
                                        "there is no text '%s' of this part".formatted(id)));
        long most = Limits.NUMBERS / 100;
        List<Map<String, @Nullable Object>> rows = run.profile(part, id, most + 1);
        if (rows.size() > most) {
            throw new ApiException(
                    ApiException.TOO_LARGE,
                    "this text has more than %,d rows, too many for a page".formatted(most));
        }
        json.putAll(StoredTables.of(rows));
        json.put("tokens", tokens(part.model(), ids(json)));
        if (json.get("top_ids") instanceof List<?> top) {
            json.put("top_tokens", topTokens(part.model(), top));
        }
        return json;
    }

    private static int[] ids(Map<String, @Nullable Object> json) {
        return Stream.of("prompt_ids", "generated_ids")
                .map(json::get)
                .flatMapToInt(list -> list instanceof List<?> ids ? ints(ids) : IntStream.empty())
                .toArray();
    }

    private static IntStream ints(List<?> ids) {
        return ids.stream().mapToInt(id -> id instanceof Number number ? number.intValue() : -1);
    }

    private List<List<List<String>>> topTokens(String model, List<?> rows) {
        return rows.stream()
                .map(row ->
                        ((List<?>) row)
                                .stream()
                                        .map(ids ->
                                                ids instanceof List<?> some
                                                        ? tokens(model, ints(some).toArray())
                                                        : List.<String>of())
                                        .toList())
                .toList();
    }

    /// How they read, where the explorer has the model; else the ids.
    private List<String> tokens(String model, int[] ids) {
        if (models.names().contains(model)) {
            return TextHandlers.tokens(ids, models.get(model));
        }
        return Arrays.stream(ids).mapToObj(id -> "#" + id).toList();
    }

    private static Part part(Fields fields) {
        return new Part(
                required(fields, "study"),
                required(fields, "model"),
                required(fields, "lens"),
                required(fields, "point"));
    }

    private static String required(Fields fields, String name) {
        return fields.text(name)
                .orElseThrow(() -> ApiException.wrong("the field '%s' is missing", name));
    }
}
