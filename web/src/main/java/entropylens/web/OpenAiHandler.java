package entropylens.web;

import entropylens.result.Json;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// `POST completions` and `POST chat/completions`: all at once, or as server-sent events.
final class OpenAiHandler implements Handler {
    private final ServedModels models;
    private final Turns turns;
    private final OpenAiShape shape;

    OpenAiHandler(ServedModels models, Turns turns, OpenAiShape shape) {
        this.models = models;
        this.turns = turns;
        this.shape = shape;
    }

    /// A request that was read, and may be answered.
    private record Request(ServedModel model, List<int[]> prompts, OpenAiFields asked) {
        int promptTokens() {
            return prompts.stream().mapToInt(prompt -> prompt.length).sum();
        }
    }

    @Override
    public void handle(Context context) throws IOException {
        Request request = read(context);
        if (request.asked.stream()) {
            Streaming.answer(context, events -> stream(request, events));
        } else {
            Answers.json(context, whole(request, Caller.of(context)));
        }
    }

    private Request read(Context context) throws IOException {
        Fields fields = Fields.parse(ApiRoutes.body(context), shape.names());
        ServedModel model = models.get(fields.text("model").orElse(null));
        List<int[]> prompts = shape.prompts(fields, model);
        int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
        int tokens = shape.tokens(fields, model, longest);
        OpenAiFields asked = OpenAiFields.read(fields, shape, tokens);
        ProfileFields.requireContext(model, longest, tokens);
        requireRoom(model, prompts, asked, longest + tokens);
        return new Request(model, prompts, asked);
    }

    private static void requireRoom(
            ServedModel model, List<int[]> prompts, OpenAiFields asked, int length) {
        int choices = prompts.size() * asked.choices();
        if (choices > Limits.SAMPLES) {
            throw ApiException.wrongField(
                    "n",
                    "%d prompts with %d choices each are %d texts, but %d are the most here"
                            .formatted(prompts.size(), asked.choices(), choices, Limits.SAMPLES));
        }
        long perPosition =
                (model.lens().model().config().nLayers() + 1L) * (2 + 2L * asked.alternatives());
        ProfileFields.requireMemory(
                model,
                choices,
                length,
                (asked.tokensShown() ? 24L : 8L) * choices * length * perPosition);
    }

    /// What every answer, and every part of a stream, says of itself.
    private Map<String, @Nullable Object> header(Request request, String id, boolean ofStream) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("object", shape.object(ofStream));
        json.put("created", Instant.now().getEpochSecond());
        json.put("model", request.model.name());
        json.put("system_fingerprint", fingerprint(request.model));
        json.put("seed", request.asked.sampling().seed());
        return json;
    }

    /// What a text depends on beside the request.
    private static String fingerprint(ServedModel model) {
        return "entropy-lens-%s-%s-%s"
                .formatted(
                        Json.program().get("version"),
                        model.lens().kernels(),
                        model.lens().loaded().weightsHeaderSha256().substring(0, 8));
    }

    private String newId() {
        return shape.idPrefix() + UUID.randomUUID().toString().replace("-", "");
    }

    private static Map<String, Object> usage(Request request, int generated) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prompt_tokens", request.promptTokens());
        json.put("completion_tokens", generated);
        json.put("total_tokens", request.promptTokens() + generated);
        return json;
    }

    private Map<String, @Nullable Object> whole(Request request, Caller caller) throws IOException {
        Collected read = new Collected(shape, caller);
        OpenAiChoices choices = choices(request, read);
        try (Turns.Taken _ = turns.take(caller::requireThere)) {
            choices.write();
        }
        Map<String, @Nullable Object> json = header(request, newId(), false);
        json.put("choices", read.choices());
        json.put("usage", usage(request, choices.generated()));
        return json;
    }

    private static OpenAiChoices choices(Request request, OpenAiChoices.Reader reader) {
        return new OpenAiChoices(request.model, request.prompts, request.asked, reader);
    }

    private void stream(Request request, EventStream events) throws IOException {
        Streamed read = new Streamed(shape, header(request, newId(), true), request, events);
        OpenAiChoices choices = choices(request, read);
        try (Turns.Taken _ = turns.take(() -> events.comment("waiting"))) {
            choices.write();
        } catch (CancellationException gone) {
            throw gone;
        } catch (RuntimeException e) {
            if (!events.hasBegun()) {
                throw e;
            }
            int status = Answers.status(e);
            events.send(OpenAiErrors.json(e, status, Answers.message(e, models)));
            return;
        }
        if (request.asked.usageSent()) {
            events.send(read.event(List.of(), usage(request, choices.generated())));
        }
        events.end();
    }

    /// Keeps all until the end.
    private static final class Collected implements OpenAiChoices.Reader {
        private final OpenAiShape shape;
        private final Caller caller;
        private final List<List<OpenAiShape.Part>> parts = new ArrayList<>();
        private final List<@Nullable String> finished = new ArrayList<>();

        Collected(OpenAiShape shape, Caller caller) {
            this.shape = shape;
            this.caller = caller;
        }

        @Override
        public void begins(OpenAiShape.Part empty) {
            parts.add(new ArrayList<>(List.of(empty)));
            finished.add(null);
        }

        @Override
        public void part(OpenAiShape.Part part) {
            requireThere();
            parts.get(part.index()).add(part);
        }

        @Override
        public void ended(int index, String finished) {
            this.finished.set(index, finished);
        }

        List<Map<String, @Nullable Object>> choices() {
            List<Map<String, @Nullable Object>> choices = new ArrayList<>();
            for (int index = 0; index < parts.size(); index++) {
                choices.add(
                        shape.choice(
                                OpenAiShape.Part.joined(parts.get(index)),
                                Objects.requireNonNull(finished.get(index))));
            }
            return choices;
        }

        @Override
        public void requireThere() {
            caller.requireThere();
        }
    }

    /// Sends each part as it comes.
    private static final class Streamed implements OpenAiChoices.Reader {
        private final OpenAiShape shape;
        private final Map<String, @Nullable Object> header;
        private final Request request;
        private final EventStream events;

        Streamed(
                OpenAiShape shape,
                Map<String, @Nullable Object> header,
                Request request,
                EventStream events) {
            this.shape = shape;
            this.header = header;
            this.request = request;
            this.events = events;
        }

        Map<String, @Nullable Object> event(List<?> choices, @Nullable Map<String, Object> usage) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>(header);
            json.put("choices", choices);
            if (request.asked.usageSent()) {
                json.put("usage", usage);
            }
            return json;
        }

        private void send(Map<String, @Nullable Object> choice) {
            try {
                events.send(event(List.of(choice), null));
            } catch (IOException gone) {
                throw stopped(gone);
            }
        }

        private static CancellationException stopped(IOException gone) {
            CancellationException stop = new CancellationException();
            stop.initCause(new UncheckedIOException(gone));
            return stop;
        }

        @Override
        public void begins(OpenAiShape.Part empty) {
            shape.first(empty.index()).ifPresent(this::send);
        }

        @Override
        public void part(OpenAiShape.Part part) {
            send(shape.piece(part));
        }

        @Override
        public void ended(int index, String finished) {
            send(shape.last(index, finished));
        }

        @Override
        public void requireThere() {
            try {
                events.comment("reading");
            } catch (IOException gone) {
                throw stopped(gone);
            }
        }
    }
}
