package entropylens.web;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `POST generate`: a text token by token, as server-sent events. `start` says what is measured, as
/// `profile` does; a `token` has the rows of the position that predicts it; `end` has the text. A
/// failure on the way is an `error`. Whoever closes the connection stops the work.
final class GenerateHandler implements Handler {
    static final String GIVEN = "given_ids";
    static final String KNOWN = "given_known";
    static final Set<String> NAMES =
            Stream.of(PromptFields.NAMES, ProfileFields.NAMES, Set.of(GIVEN, KNOWN))
                    .flatMap(Set::stream)
                    .collect(Collectors.toUnmodifiableSet());

    private final ServedModels models;
    private final Turns turns;

    GenerateHandler(ServedModels models, Turns turns) {
        this.models = models;
        this.turns = turns;
    }

    @Override
    public void handle(Context context) throws IOException {
        Fields fields = Fields.parse(ApiRoutes.body(context), NAMES);
        ServedModel model = models.asked(fields);
        PromptFields prompt = PromptFields.read(fields, model);
        ProfileFields asked = ProfileFields.read(fields, model);
        int[] given = fields.wholes(GIVEN, 0, model.dVocab() - 1);
        int known = fields.whole(KNOWN, given.length, 0, given.length);
        asked.requireFits(model, prompt.ids().length + given.length, 1);
        Generation generation = new Generation(model, prompt, given, known, asked);
        Accepted.requireEvents(context.header("Accept"));
        Streaming.answer(context, events -> run(generation, events));
    }

    private void run(Generation generation, EventStream events) throws IOException {
        try (Turns.Taken _ = turns.take(() -> events.comment("waiting"))) {
            generation.run(events);
        } catch (CancellationException gone) {
            throw gone;
        } catch (RuntimeException e) {
            if (!events.hasBegun()) {
                throw e;
            }
            events.send("error", ApiRoutes.error(Answers.message(e, models)));
        }
    }
}
