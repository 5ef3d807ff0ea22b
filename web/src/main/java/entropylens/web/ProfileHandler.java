package entropylens.web;

import entropylens.lens.ProfileRequest;
import entropylens.lens.TextProfile;
import entropylens.result.ProfileJson;
import entropylens.result.ProfileResult;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `POST profile`: what `entropy-lens profile --format json` prints, computed in the same way.
/// Whoever closes the connection stops the work.
final class ProfileHandler implements Handler {
    static final Set<String> NAMES =
            Stream.of(PromptFields.NAMES, ProfileFields.NAMES, ProfileFields.MORE_NAMES)
                    .flatMap(Set::stream)
                    .collect(Collectors.toUnmodifiableSet());

    /// Texts that are generated together, as the command line does.
    private static final int BATCH = 16;

    private final ServedModels models;
    private final Turns turns;

    ProfileHandler(ServedModels models, Turns turns) {
        this.models = models;
        this.turns = turns;
    }

    @Override
    public void handle(Context context) throws IOException {
        Fields fields = Fields.parse(ApiRoutes.body(context), NAMES);
        ServedModel model = models.asked(fields);
        PromptFields prompt = PromptFields.read(fields, model);
        ProfileFields asked = ProfileFields.read(fields, model);
        asked.requireFits(model, prompt.ids().length, BATCH);
        Caller caller = Caller.of(context);
        ProfileResult result;
        try (Turns.Taken _ = turns.take(caller::requireThere)) {
            ProfileRequest request = asked.intervention().on(asked.request(), model);
            List<TextProfile> texts =
                    model.lens()
                            .profile(
                                    Collections.nCopies(asked.samples(), prompt.ids()),
                                    request,
                                    BATCH,
                                    (_, _) -> caller.requireThere());
            result =
                    new ProfileResult(
                            model.lens().loaded(),
                            model.tokens(),
                            request,
                            texts,
                            asked.windows(),
                            asked.normalize(),
                            model.lens().threads(),
                            prompt.chat(),
                            asked.intervention().patched());
        }
        Answers.json(context, WithoutPlaces.of(ProfileJson.document(result)));
    }
}
