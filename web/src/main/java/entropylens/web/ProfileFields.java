package entropylens.web;

import entropylens.lens.MemoryPlan;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.Statistics;
import entropylens.lens.StreamPoint;
import entropylens.model.DecoderConfig;
import entropylens.model.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is measured and how, in the words of `entropy-lens profile`: its options, with `_` for `-`.
///
/// @param request in the terms of the engine
/// @param samples texts that are sampled from the prompt
/// @param windows into which rows are cut
/// @param normalize whether entropies are divided by ln V
/// @param intervention on the blocks, and rows of another text, which the request has yet to get
record ProfileFields(
        ProfileRequest request,
        int samples,
        int windows,
        boolean normalize,
        InterventionFields intervention) {
    /// Of a text that is generated token by token.
    static final Set<String> NAMES =
            Stream.concat(
                            InterventionFields.NAMES.stream(),
                            Stream.of(
                                    ServedModels.UNTRAINED,
                                    PointFields.AT,
                                    ServedLenses.LENS,
                                    "tokens",
                                    "temperature",
                                    "top_p",
                                    "seed",
                                    "ignore_eos",
                                    "normalize",
                                    "embedding",
                                    "alpha",
                                    "top_p_set",
                                    "top_k",
                                    "stats"))
                    .collect(Collectors.toUnmodifiableSet());

    /// What only a whole profile has.
    static final Set<String> MORE_NAMES = Set.of("positions", "samples", "windows");

    private static final int DEFAULT_TOKENS = 32;

    /// @throws ApiException when an option makes no sense
    static ProfileFields read(Fields fields, ServedModel model) {
        try {
            return checked(fields, model);
        } catch (IllegalArgumentException e) {
            throw ApiException.wrong("%s", String.valueOf(e.getMessage()));
        }
    }

    private static ProfileFields checked(Fields fields, ServedModel model) {
        boolean ofPrompt = ofPrompt(fields);
        int tokens = fields.whole("tokens", DEFAULT_TOKENS, 1, Limits.TOKENS);
        Sampling sampling =
                new Sampling(
                        fields.number("temperature", 0),
                        fields.number("top_p", 1),
                        fields.seed("seed"));
        int samples = fields.whole("samples", 1, 1, Limits.SAMPLES);
        if (sampling.topP() != 1 && sampling.temperature() == 0) {
            throw ApiException.wrong("'top_p' has no effect without a 'temperature' above 0");
        }
        if (samples > 1 && sampling.temperature() == 0) {
            throw ApiException.wrong(
                    "%d samples would all be the same without a 'temperature' above 0", samples);
        }
        Set<Integer> stops = fields.flag("ignore_eos") ? Set.of() : model.lens().loaded().stopIds();
        InterventionFields intervention = InterventionFields.read(fields, model);
        List<StreamPoint> points = PointFields.read(fields, model);
        ProfileRequest request =
                new ProfileRequest(
                        ofPrompt
                                ? Positions.PROMPT
                                : new Positions.Generated(tokens, sampling, stops),
                        intervention.blocks(),
                        fields.flag("embedding"),
                        readout(fields, model),
                        points,
                        model.lenses().asked(fields, model, points));
        return new ProfileFields(
                request,
                samples,
                fields.whole("windows", 1, 1, Limits.TOKENS),
                fields.flag("normalize"),
                intervention);
    }

    private static boolean ofPrompt(Fields fields) {
        String positions = fields.text("positions").orElse("generated");
        if (!positions.equals("generated") && !positions.equals("prompt")) {
            throw ApiException.wrong(
                    "'positions' must be \"generated\" or \"prompt\", but is \"%s\"", positions);
        }
        boolean ofPrompt = positions.equals("prompt");
        for (String name : List.of("tokens", "temperature", "samples")) {
            if (ofPrompt && fields.has(name)) {
                throw ApiException.wrong(
                        "'positions': \"prompt\" generates nothing; leave out '%s'", name);
            }
        }
        return ofPrompt;
    }

    private static ReadoutRequest readout(Fields fields, ServedModel model) {
        List<Statistic> all = new ArrayList<>();
        fields.orders("alpha").forEach(order -> all.add(Statistic.renyi(order)));
        fields.numbers("top_p_set").forEach(p -> all.add(Statistic.topPSize(p)));
        all.add(Statistic.LOGIT_STD);
        all.add(Statistic.H_NORM);
        for (String word : fields.words("stats")) {
            List<Statistic> named = Statistics.of(word);
            if (named.isEmpty()) {
                throw ApiException.wrong(
                        "'stats': there is no statistic \"%s\"; there are kl, next, router, and those of docs/method.md by their names",
                        word);
            }
            all.addAll(named);
        }
        int most = Math.min(ReadoutRequest.MAX_TOP_K, model.dVocab());
        return ReadoutRequest.ENTROPY.withTopK(fields.whole("top_k", 1, 1, most)).with(all);
    }

    /// Refuses before it starts what would not fit.
    ///
    /// @param prompt its tokens
    /// @param batch texts that run at a time
    /// @throws ApiException when context, memory or the size of the result forbid it
    void requireFits(ServedModel model, int prompt, int batch) {
        DecoderConfig config = model.lens().model().config();
        int tokens = request.positions().tokens();
        requireContext(model, prompt, tokens);
        long rows =
                (long) samples
                        * (tokens == 0 ? prompt : tokens)
                        * (config.nLayers() + 1L)
                        * request.points().size();
        ReadoutRequest readout = request.readout();
        long numbers = rows * (readout.statistics().size() + 2L * readout.topK());
        if (numbers > Limits.NUMBERS) {
            throw new ApiException(
                    ApiException.TOO_LARGE,
                    "the result would have %,d numbers, but %,d are the most here; ask for fewer tokens, samples, statistics or top-k"
                            .formatted(numbers, Limits.NUMBERS));
        }
        requireMemory(model, Math.min(samples, batch), prompt + tokens, 24 * numbers);
        // it runs by itself, before
        intervention.patched().ifPresent(source -> requireMemory(model, 1, source.ids().length, 0));
    }

    /// @throws ApiException when the text is longer than the model's context
    static void requireContext(ServedModel model, int prompt, int tokens) {
        int context = model.lens().model().config().nCtx();
        if (prompt + tokens > context) {
            throw new ApiException(
                    ApiException.IMPOSSIBLE,
                    "%,d prompt tokens and %,d generated ones exceed the model's context of %,d; %s"
                            .formatted(
                                    prompt,
                                    tokens,
                                    context,
                                    prompt < context
                                            ? "ask for %,d tokens or fewer"
                                                    .formatted(context - prompt)
                                            : "shorten the prompt"));
        }
    }

    /// @param texts that run at a time
    /// @param length of each
    /// @param result its bytes
    /// @throws ApiException when the heap is not large enough
    static void requireMemory(ServedModel model, int texts, int length, long result) {
        long plan = MemoryPlan.of(model.lens().model().config(), texts, length).total() + result;
        long most = Runtime.getRuntime().maxMemory();
        if (plan + model.held().bytes() > most) {
            model.held().clear();
        }
        if (plan > most) {
            throw new ApiException(
                    ApiException.IMPOSSIBLE,
                    "this needs %,d MiB of heap, but the explorer has %,d; ask for fewer tokens or samples, or start it with ENTROPY_LENS_JAVA_OPTS=-Xmx…"
                            .formatted(plan >> 20, most >> 20));
        }
    }
}
