package entropylens.web;

import entropylens.hook.Intervention;
import entropylens.hook.ScaledBlock;
import entropylens.lens.PatchSource;
import entropylens.lens.ProfileRequest;
import entropylens.lens.StreamPoint;
import entropylens.result.Patched;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the blocks of the model do, and which rows come from another text.
///
/// @param blocks that are skipped or scaled
/// @param patched rows of another text; it has yet to run
record InterventionFields(Intervention blocks, Optional<Patched> patched) {
    private static final String SKIP = "skip_blocks";
    private static final String SCALE = "scale_blocks";
    private static final String PATCH = "patch";
    private static final String FROM = "patch_from";
    private static final String FROM_IDS = "patch_from_ids";
    private static final String AT = "patch_at";

    static final Set<String> NAMES = Set.of(SKIP, SCALE, PATCH, FROM, FROM_IDS, AT);

    /// @throws ApiException when they make no sense for this model
    static InterventionFields read(Fields fields, ServedModel model) {
        int layers = model.lens().model().config().nLayers();
        int[] skipped =
                Arrays.stream(fields.wholes(SKIP, 1, layers)).map(block -> block - 1).toArray();
        List<ScaledBlock> scaled = parsed(fields, SCALE, ScaledBlock::parse);
        model.lens().model().config().requireTakes(scaled);
        return new InterventionFields(
                Intervention.skip(skipped).scaled(scaled), patched(fields, model));
    }

    private static <T> List<T> parsed(Fields fields, String name, Function<String, T> parse) {
        List<T> all = new ArrayList<>();
        for (String word : fields.words(name)) {
            try {
                all.add(parse.apply(word));
            } catch (IllegalArgumentException e) {
                throw ApiException.wrong("'%s' %s", name, String.valueOf(e.getMessage()));
            }
        }
        return all;
    }

    private static Optional<Patched> patched(Fields fields, ServedModel model) {
        int texts = (fields.has(FROM) ? 1 : 0) + (fields.has(FROM_IDS) ? 1 : 0);
        if (!fields.has(PATCH)) {
            if (texts > 0 || fields.has(AT)) {
                throw ApiException.wrong(
                        "'patch_from', 'patch_from_ids' and 'patch_at' are for 'patch'; add it, for example [\"3:7\"]");
            }
            return Optional.empty();
        }
        if (texts != 1) {
            throw ApiException.wrong(
                    "'patch' takes rows of one other text; give it as 'patch_from' or 'patch_from_ids'");
        }
        StreamPoint at =
                fields.text(AT)
                        .map(word -> PointFields.named(AT, word))
                        .orElse(StreamPoint.RESID_POST);
        List<PatchSource> sources = parsed(fields, PATCH, word -> PatchSource.parse(word, at));
        return Optional.of(new Patched(source(fields, model), sources));
    }

    /// The ids of the other text; of a chat it is a message, written as the prompt is.
    private static int[] source(Fields fields, ServedModel model) {
        int[] ids =
                fields.text(FROM)
                        .map(text -> PromptFields.encode(text, fields, model))
                        .orElseGet(() -> fields.wholes(FROM_IDS, 0, model.dVocab() - 1));
        if (ids.length == 0 || ids.length > Limits.PROMPT) {
            throw new ApiException(
                    ids.length == 0 ? ApiException.WRONG : ApiException.TOO_LARGE,
                    "the text that rows are taken from may have 1 to %,d tokens here, but has %,d"
                            .formatted(Limits.PROMPT, ids.length));
        }
        int nCtx = model.lens().model().config().nCtx();
        if (ids.length > nCtx) {
            throw new ApiException(
                    ApiException.IMPOSSIBLE,
                    "the text that rows are taken from has %,d tokens, which exceed the model's context of %,d"
                            .formatted(ids.length, nCtx));
        }
        PromptFields.requireInVocabulary(ids, model);
        return ids;
    }

    /// `request` with the rows of the other text, which runs now.
    ///
    /// @throws IllegalArgumentException when a row is not there
    ProfileRequest on(ProfileRequest request, ServedModel model) {
        if (patched.isEmpty()) {
            return request;
        }
        return request.patched(
                model.lens()
                        .loaded()
                        .files()
                        .reading(() ->
                                PatchSource.take(
                                        model.lens().model(),
                                        patched.get().ids(),
                                        patched.get().sources())));
    }

    /// Points of the stream, in words.
    static String points() {
        return Arrays.stream(StreamPoint.values())
                .map(StreamPoint::word)
                .collect(Collectors.joining(", "));
    }
}
