package entropylens.lens;

import entropylens.model.DecoderConfig;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.RunListener;
import entropylens.model.Runner;
import entropylens.model.Sampling;
import entropylens.model.Session;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
    ///   its tokens
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
        List<Run> runs = prompts.stream().map(prompt -> run(prompt, request)).toList();
        Runner runner = new Runner(model, batch, maxRows(), unembed::logits);
        runner.requireFit(runs);
        MemoryPlan.of(model.config(), runs, batch).requireAvailable();
        Measuring measuring = new Measuring(runs, request, listener);
        runner.run(runs, measuring, progress);
        return List.of(measuring.profiles);
    }

    private static Run run(int[] prompt, ProfileRequest request) {
        return switch (request.positions()) {
            case Positions.OfPrompt _ -> Run.of(prompt, request.intervention());
            case Positions.Generated(int tokens, Sampling sampling, Set<Integer> stopIds) ->
                    new Run(prompt, tokens, sampling, stopIds, request.intervention());
        };
    }

    /// Fewer rows at a time for large models, so that what is collected in one pass stays small.
    private int maxRows() {
        DecoderConfig config = model.config();
        long perRow = 4L * config.dModel() * (config.nLayers() + 1);
        return (int) Math.clamp(StreamCollector.LIMIT / perRow, 16, MAX_ROWS);
    }

    /// Collects and reads the stream of every text.
    private final class Measuring implements RunListener {
        private final List<Run> runs;
        private final ProfileRequest request;
        private final @Nullable ProfileListener listener;
        private final StreamCollector[] collectors;
        private final TextProfile[] profiles;
        private final int layers;

        Measuring(List<Run> runs, ProfileRequest request, @Nullable ProfileListener listener) {
            this.runs = runs;
            this.request = request;
            this.listener = listener;
            this.collectors = new StreamCollector[runs.size()];
            this.profiles = new TextProfile[runs.size()];
            this.layers = model.config().nLayers() + (request.embedding() ? 1 : 0);
        }

        /// The last prompt token predicts the first generated one.
        private int firstPosition(Run run) {
            return run.tokens() == 0 ? 0 : run.prompt().length - 1;
        }

        @Override
        public void begin(int text, Session session) {
            StreamCollector collector =
                    new StreamCollector(
                            lens, request.readout(), firstPosition(runs.get(text)), layers);
            collector.attach(
                    session, model.config().nLayers(), request.embedding(), model::experts);
            collectors[text] = collector;
        }

        @Override
        public void passed(int text, int[] ids, int known) {
            int[] sofar = Arrays.copyOf(ids, known);
            if (listener == null) {
                collectors[text].flushIfFull(sofar);
            } else {
                int first = collectors[text].firstHeld();
                collectors[text]
                        .flushNow(sofar)
                        .ifPresent(found -> listener.measured(text, of(text, sofar, first, found)));
            }
        }

        @Override
        public void end(int text, int[] ids) {
            Readouts all = collectors[text].finish(ids);
            profiles[text] = of(text, ids, firstPosition(runs.get(text)), all);
        }

        private TextProfile of(int text, int[] ids, int firstPosition, Readouts readouts) {
            int[] prompt = runs.get(text).prompt();
            return new TextProfile(
                    prompt,
                    Arrays.copyOfRange(ids, prompt.length, ids.length),
                    firstPosition,
                    layers,
                    readouts);
        }
    }
}
