package entropylens.lens;

import entropylens.hook.Intervention;
import entropylens.hook.Patch;
import entropylens.model.DecoderConfig;
import entropylens.model.HeldSessions;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.RunListener;
import entropylens.model.Runner;
import entropylens.model.Sampling;
import entropylens.model.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Runs texts through a model and measures every layer of their positions: keeps the residual
/// stream of the positions that are asked for, and reads it out in bulk, or as it is born where
/// somebody listens.
public final class Profiler {
    /// Rows of one forward pass while prompts are ingested.
    private static final int MAX_ROWS = 256;

    private final Model model;
    private final Unembed unembed;
    private final LogitLens lens;

    public Profiler(Model model) {
        this.model = model;
        this.unembed = Unembed.of(model);
        this.lens = new LogitLens(unembed);
    }

    /// Profiles one text.
    public TextProfile profile(int[] prompt, ProfileRequest request) {
        return profile(List.of(prompt), request, 1, Progress.NONE).getFirst();
    }

    /// Profiles several texts, at most `batch` of them at a time. Each is profiled as it would be
    /// alone: sequence i draws its random numbers from the seed and i.
    ///
    /// @throws IllegalArgumentException when a prompt is empty, or does not fit the context with
    ///   its tokens; when the model's blocks lack a point that is asked for
    /// @throws NotEnoughMemoryException when the heap could not hold the run; said before it starts
    public List<TextProfile> profile(
            List<int[]> prompts, ProfileRequest request, int batch, Progress progress) {
        return profile(prompts, request, batch, progress, null);
    }

    /// The same, and each position is read out as soon as it went through the model.
    ///
    /// @param listener told of it; null reads in bulk
    public List<TextProfile> profile(
            List<int[]> prompts,
            ProfileRequest request,
            int batch,
            Progress progress,
            @Nullable ProfileListener listener) {
        return measure(runner(batch), numbered(prompts), request, batch, progress, listener);
    }

    /// Profiles prompts that may have answers, and say themselves which random numbers they draw. A
    /// text's numbers do not depend on the others, not even on whether there are any.
    ///
    /// @throws IllegalArgumentException when a prompt is empty, or does not fit the context with
    ///   its tokens; when it has an answer that is not asked for, or none where one is; when the
    ///   model's blocks lack a point that is asked for, or the lens does not fit the model or lacks
    ///   a layer
    /// @throws NotEnoughMemoryException when the heap could not hold the run; said before it starts
    public List<TextProfile> measure(
            List<Prompt> prompts, ProfileRequest request, int batch, Progress progress) {
        Runner runner = runner(batch).alwaysTogether();
        return measure(runner, prompts, request, batch, progress, null);
    }

    /// Measures prompts as [#measure], through several lenses: the texts run once, and what is kept
    /// of their stream is read through each.
    ///
    /// @param lenses in the place of that of the request
    /// @return by lens, in their order
    public List<List<TextProfile>> measureThrough(
            List<LensOfText> lenses,
            List<Prompt> prompts,
            ProfileRequest request,
            int batch,
            Progress progress) {
        Runner runner = runner(batch).alwaysTogether();
        return measure(runner, lenses, prompts, request, batch, progress, null);
    }

    /// Profiles texts as [#profile], through several lenses in one run.
    ///
    /// @param lenses in the place of that of the request
    /// @return by lens, in their order
    public List<List<TextProfile>> profileThrough(
            List<LensOfText> lenses,
            List<int[]> prompts,
            ProfileRequest request,
            int batch,
            Progress progress) {
        return measure(runner(batch), lenses, numbered(prompts), request, batch, progress, null);
    }

    private static List<Prompt> numbered(List<int[]> prompts) {
        return IntStream.range(0, prompts.size())
                .mapToObj(i -> Prompt.of(prompts.get(i), i))
                .toList();
    }

    /// Generates a text after tokens that are given, each as if it had been generated, and reads
    /// out each new position as soon as it went through the model. What was generated, given back
    /// in part, goes on as it did, bit for bit. The listener stops it with a
    /// [CancellationException].
    ///
    /// @param prompt at least one token
    /// @param given tokens after it, none or more
    /// @param known how many of these need not be read out again: the rows begin at the position
    ///   that predicts the one after them
    /// @param request positions that are generated
    /// @param held sessions of the model, from which texts go on that begin alike
    /// @return the profile, with `given` as a part of its prompt
    /// @throws IllegalArgumentException when they do not fit the context with the tokens asked for
    /// @throws NotEnoughMemoryException when the heap could not hold the run; said before it starts
    public TextProfile generate(
            int[] prompt,
            int[] given,
            int known,
            ProfileRequest request,
            HeldSessions held,
            ProfileListener listener) {
        if (known < 0 || known > given.length) {
            throw new IllegalArgumentException(
                    "of %d given tokens, 0 to %d may be known, not %d"
                            .formatted(given.length, given.length, known));
        }
        if (!(request.positions() instanceof Positions.Generated generated)) {
            throw new IllegalArgumentException(
                    "only positions that are generated can be asked for here, not "
                            + request.positions());
        }
        int[] all = new Prompt(prompt, given, 0).withAnswer(given.length);
        int first = prompt.length - 1 + known;
        Run run =
                new Run(
                        all,
                        generated.tokens(),
                        generated.sampling(),
                        0,
                        generated.stopIds(),
                        request.intervention(),
                        first,
                        prompt.length);
        requireInPrompt(Prompt.of(all, 0), request.intervention());
        Runner runner = runner(1).holding(held);
        runner.requireFit(List.of(run));
        StreamPoint.requireIn(model.config(), request.points());
        request.lens().requireReads(model.config(), request.points(), request.embedding());
        LensMemory ofLens = LensMemory.of(List.of(request.lens()), model.config().nLayers());
        MemoryPlan.of(model.config(), List.of(run), 1, 0, request.points().size(), ofLens)
                .requireAvailable(model.pass(), ofLens);
        Measuring measuring =
                new Measuring(
                        List.of(Prompt.of(all, 0)),
                        request,
                        List.of(LensOfText.always(request.lens())),
                        listener,
                        first);
        runner.run(List.of(run), measuring, Progress.NONE);
        return measuring.profiles[0][0];
    }

    /// Generates texts beside each other, and reads out each position as soon as it went through
    /// the model. Each has the numbers that it has among the samples of [#profile].
    ///
    /// @param batch texts that run at a time
    /// @throws IllegalArgumentException when a prompt is empty, or does not fit the context with
    ///   the tokens asked for
    /// @throws NotEnoughMemoryException when the heap could not hold the run; said before it starts
    public List<TextProfile> generate(
            List<Prompt> prompts, ProfileRequest request, int batch, ProfileListener listener) {
        return measure(runner(batch), prompts, request, batch, Progress.NONE, listener);
    }

    private Runner runner(int batch) {
        return new Runner(model, batch, maxRows(), unembed::logits);
    }

    private List<TextProfile> measure(
            Runner runner,
            List<Prompt> prompts,
            ProfileRequest request,
            int batch,
            Progress progress,
            @Nullable ProfileListener listener) {
        return measure(
                        runner,
                        List.of(LensOfText.always(request.lens())),
                        prompts,
                        request,
                        batch,
                        progress,
                        listener)
                .getFirst();
    }

    /// @param listener told of the first lens alone
    private List<List<TextProfile>> measure(
            Runner runner,
            List<LensOfText> lenses,
            List<Prompt> prompts,
            ProfileRequest request,
            int batch,
            Progress progress,
            @Nullable ProfileListener listener) {
        StreamPoint.requireIn(model.config(), request.points());
        for (LensOfText lens : lenses) {
            lens.of(0).requireReads(model.config(), request.points(), request.embedding());
        }
        List<Run> runs = prompts.stream().map(prompt -> run(prompt, request)).toList();
        runner.requireFit(runs);
        LensMemory ofLenses =
                LensMemory.of(
                        lenses.stream().map(lens -> lens.of(0)).toList(), model.config().nLayers());
        MemoryPlan.of(
                        model.config(),
                        runs,
                        batch,
                        runner.sharedPositions(runs),
                        request.points().size(),
                        ofLenses)
                .requireAvailable(model.pass(), ofLenses);
        Measuring measuring = new Measuring(prompts, request, lenses, listener, -1);
        runner.run(runs, measuring, progress);
        return Arrays.stream(measuring.profiles).map(List::of).toList();
    }

    /// A patch that meets no token would have no effect, and nobody would know.
    private static void requireInPrompt(Prompt prompt, Intervention intervention) {
        for (Patch patch : intervention.patches()) {
            if (patch.position() >= prompt.ids().length) {
                throw new IllegalArgumentException(
                        "no position %d to patch: the prompt has the positions 0 to %d"
                                .formatted(patch.position(), prompt.ids().length - 1));
            }
        }
    }

    /// How a prompt is run for a request.
    ///
    /// @throws IllegalArgumentException when it has an answer that is not asked for, or none where
    ///   one is
    public static Run run(Prompt prompt, ProfileRequest request) {
        boolean answered = prompt.answer().length > 0;
        if (answered != request.positions() instanceof Positions.OfAnswer) {
            throw new IllegalArgumentException(
                    answered
                            ? "a prompt has an answer, but positions of the answer are not asked for"
                            : "positions of an answer are asked for, but a prompt has none");
        }
        requireInPrompt(prompt, request.intervention());
        int last = prompt.ids().length - 1;
        return switch (request.positions()) {
            case Positions.OfPrompt _ -> Run.of(prompt.ids(), request.intervention());
            // the last token of the answer predicts nothing that is known
            case Positions.OfAnswer _ ->
                    Run.of(
                            prompt.withAnswer(prompt.answer().length - 1),
                            request.intervention(),
                            last);
            case Positions.Generated(int tokens, Sampling sampling, Set<Integer> stopIds) ->
                    new Run(
                            prompt.ids(),
                            tokens,
                            sampling,
                            prompt.draw(),
                            stopIds,
                            request.intervention(),
                            last);
        };
    }

    /// Fewer rows at a time for large models, so that what is collected in one pass stays small.
    /// Not fewer for more points: a text that runs alone has the same numbers whatever else is
    /// read.
    private int maxRows() {
        DecoderConfig config = model.config();
        long perRow = 4L * config.dModel() * (config.nLayers() + 1);
        int rows = (int) Math.clamp(StreamCollector.LIMIT / perRow, 16, MAX_ROWS);
        return Math.max(rows, model.pass().rowsPerPass());
    }

    /// Collects and reads the stream of every text.
    private final class Measuring implements RunListener {
        private final List<Prompt> prompts;
        private final ProfileRequest request;
        private final List<LensOfText> lenses;
        private final @Nullable ProfileListener listener;

        /// `[text][lens × point]`
        private final List<List<StreamCollector>> collectors;

        /// `[lens][text]`
        private final TextProfile[][] profiles;

        private final int first;

        /// @param first position that is read out; -1 for the one that the request means
        Measuring(
                List<Prompt> prompts,
                ProfileRequest request,
                List<LensOfText> lenses,
                @Nullable ProfileListener listener,
                int first) {
            this.prompts = prompts;
            this.request = request;
            this.lenses = lenses;
            this.listener = listener;
            this.collectors = new ArrayList<>(Collections.nCopies(prompts.size(), List.of()));
            this.profiles = new TextProfile[lenses.size()][prompts.size()];
            this.first = first;
        }

        private int layers(StreamPoint point) {
            boolean embedding = request.embedding() && point == StreamPoint.RESID_POST;
            return model.config().nLayers() + (embedding ? 1 : 0);
        }

        /// The last prompt token predicts the first that follows.
        private int firstPosition(int text) {
            if (first >= 0) {
                return first;
            }
            return request.positions() instanceof Positions.OfPrompt
                    ? 0
                    : prompts.get(text).ids().length - 1;
        }

        @Override
        public boolean wantsRows() {
            return false;
        }

        @Override
        public void begin(int text, Session session) {
            List<StreamCollector> all =
                    lenses.stream()
                            .flatMap(through ->
                                    request.points().stream()
                                            .map(point -> collector(text, point, through)))
                            .toList();
            all.forEach(one -> one.attach(session, model.config().nLayers(), model::experts));
            collectors.set(text, all);
        }

        private StreamCollector collector(int text, StreamPoint point, LensOfText through) {
            return new StreamCollector(
                    model.pass(),
                    lens,
                    request.readout(),
                    through.of(text),
                    point,
                    firstPosition(text),
                    layers(point),
                    model.config().nLayers());
        }

        @Override
        public void passed(int text, int[] ids, int known) {
            int[] sofar = Arrays.copyOf(ids, known);
            List<StreamCollector> all = collectors.get(text);
            if (listener == null) {
                all.forEach(one -> one.flushIfFull(sofar));
                return;
            }
            // every point holds the same positions
            int firstHeld = all.getFirst().firstHeld();
            List<Readouts> found =
                    all.stream().flatMap(one -> one.flushNow(sofar).stream()).toList();
            if (!found.isEmpty()) {
                listener.measured(text, of(text, sofar, firstHeld, found));
            }
        }

        @Override
        public boolean wantsMore(int text) {
            return listener == null || listener.wantsMore(text);
        }

        @Override
        public void end(int text, int[] ids) {
            int[] whole =
                    request.positions() instanceof Positions.OfAnswer
                            ? prompts.get(text).withAnswer(prompts.get(text).answer().length)
                            : ids;
            List<Readouts> all =
                    collectors.get(text).stream().map(one -> one.finish(whole)).toList();
            collectors.set(text, List.of());
            int points = request.points().size();
            for (int l = 0; l < lenses.size(); l++) {
                List<Readouts> read = all.subList(l * points, (l + 1) * points);
                profiles[l][text] = of(text, whole, firstPosition(text), read);
            }
        }

        private TextProfile of(int text, int[] ids, int firstPosition, List<Readouts> readouts) {
            int[] prompt = prompts.get(text).ids();
            List<PointReadouts> read = new ArrayList<>();
            for (StreamPoint point : request.points()) {
                read.add(new PointReadouts(point, layers(point), readouts.get(read.size())));
            }
            return new TextProfile(
                    prompt,
                    Arrays.copyOfRange(ids, prompt.length, ids.length),
                    firstPosition,
                    read);
        }
    }
}
