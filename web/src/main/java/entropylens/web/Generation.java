package entropylens.web;

import entropylens.EntropyLens;
import entropylens.lens.Positions;
import entropylens.lens.TextProfile;
import entropylens.result.ProfileJson;
import entropylens.result.ProfileResult;
import entropylens.tokenizer.TextStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// One text that is generated while somebody looks.
final class Generation {
    private final ServedModel model;
    private final PromptFields prompt;
    private final int[] given;
    private final int known;
    private final ProfileFields asked;
    private boolean started;

    /// @param given tokens after the prompt, each as if it had been generated
    /// @param known how many of these need not be read out again
    Generation(
            ServedModel model, PromptFields prompt, int[] given, int known, ProfileFields asked) {
        this.model = model;
        this.prompt = prompt;
        this.given = given;
        this.known = known;
        this.asked = asked;
    }

    /// Generates it.
    ///
    /// @throws CancellationException when nobody reads any more
    void run(EventStream events) throws IOException {
        EntropyLens lens = model.lens();
        Optional<TextStream> text =
                model.hasTokenizer()
                        ? Optional.of(model.requireTokenizer().stream())
                        : Optional.empty();
        TextProfile whole =
                lens.generate(
                        prompt.ids(),
                        given,
                        known,
                        asked.intervention().on(asked.request(), model),
                        model.held(),
                        (_, part) -> {
                            try {
                                send(part, text, events);
                            } catch (IOException gone) {
                                CancellationException stop = new CancellationException();
                                stop.initCause(new UncheckedIOException(gone));
                                throw stop;
                            }
                        });
        events.send("end", end(whole, text));
    }

    private void send(TextProfile part, Optional<TextStream> text, EventStream events)
            throws IOException {
        ProfileResult result = result(part);
        if (!started) {
            started = true;
            events.send("start", start(result));
        }
        int id = part.next(0).orElseThrow();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("position", part.firstPosition());
        json.put("id", id);
        json.put("token", model.tokens().token(id));
        text.ifPresent(stream -> json.put("text", stream.add(id)));
        json.putAll(ProfileJson.rows(result));
        events.send("token", json);
    }

    private ProfileResult result(TextProfile part) {
        return new ProfileResult(
                model.lens().loaded(),
                model.tokens(),
                asked.request(),
                List.of(part),
                1,
                asked.normalize(),
                model.lens().threads(),
                prompt.chat(),
                asked.intervention().patched());
    }

    private Map<String, @Nullable Object> start(ProfileResult result) {
        Map<String, @Nullable Object> json = WithoutPlaces.of(ProfileJson.header(result));
        json.put("prompt_ids", prompt.ids());
        json.put("prompt_tokens", TextHandlers.tokens(prompt.ids(), model));
        json.put(GenerateHandler.GIVEN, given);
        json.put("given_tokens", TextHandlers.tokens(given, model));
        return json;
    }

    private Map<String, Object> end(TextProfile whole, Optional<TextStream> text) {
        Map<String, Object> json = new LinkedHashMap<>();
        int[] ids = whole.generatedIds();
        boolean full =
                asked.request().positions() instanceof Positions.Generated generated
                        && !generated.stopIds().contains(ids[ids.length - 1]);
        json.put("ended", full ? "tokens" : "end token");
        json.put("generated_ids", ids);
        text.ifPresent(stream -> json.put("text", stream.end()));
        return json;
    }
}
