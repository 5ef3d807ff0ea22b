package entropylens.model;

import entropylens.kernels.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Runs texts through a model, several at a time: feeds prompts in pieces that fit a forward pass,
/// then one token after the other, and has the next token chosen. What is to be seen of it, a
/// [RunListener] sees while it happens. Each text is what it would be alone.
public final class Runner {
    private final Model model;
    private final int batch;
    private final int maxRows;
    private final Logits logits;
    private final boolean alwaysTogether;
    private final @Nullable HeldSessions held;

    /// The logits of rows of the stream after the last block: to choose tokens from.
    @FunctionalInterface
    public interface Logits {
        /// @param rows `count × d_model`, not normed
        /// @param phase that the rows were computed in
        /// @return `count × d_vocab`
        float[] of(float[] rows, int count, Phase phase);
    }

    /// A runner that only reads: its texts generate nothing.
    ///
    /// @param batch texts that run at a time
    /// @param maxRows of one forward pass
    public Runner(Model model, int batch, int maxRows) {
        this(
                model,
                batch,
                maxRows,
                (_, _, _) -> {
                    throw new IllegalArgumentException(
                            "this runner was made without a readout, and cannot choose tokens");
                });
    }

    /// @param batch texts that run at a time
    /// @param maxRows of one forward pass
    /// @param logits asked for only where tokens are generated
    public Runner(Model model, int batch, int maxRows, Logits logits) {
        this(model, batch, maxRows, logits, false, null);
    }

    private Runner(
            Model model,
            int batch,
            int maxRows,
            Logits logits,
            boolean alwaysTogether,
            @Nullable HeldSessions held) {
        if (batch < 1 || maxRows < 1) {
            throw new IllegalArgumentException(
                    "at least one text and one row must fit, not %d and %d"
                            .formatted(batch, maxRows));
        }
        this.model = model;
        this.batch = batch;
        this.maxRows = maxRows;
        this.logits = logits;
        this.alwaysTogether = alwaysTogether;
        this.held = held;
    }

    /// The same runner, whose texts have the sums of texts that run together ([Phase#TOGETHER])
    /// even where one runs by itself: their numbers do not depend on how many there are.
    public Runner alwaysTogether() {
        return new Runner(model, batch, maxRows, logits, true, held);
    }

    /// The same runner, whose texts go on from where an earlier one was that begins alike, and are
    /// held for later ones. Texts that run beside others hold and take nothing.
    public Runner holding(HeldSessions sessions) {
        return new Runner(model, batch, maxRows, logits, alwaysTogether, sessions);
    }

    /// Runs all texts. A listener that wants no more of it throws a [CancellationException].
    ///
    /// @throws IllegalArgumentException when a text does not fit the model's context
    public void run(List<Run> runs, RunListener listener, Progress progress) {
        requireFit(runs);
        // one that is left of several keeps the sums that it had beside them
        Phase phase = phase(runs);
        PrefixSessions prefixes = new PrefixSessions(model, sharedPrefixes(runs), maxRows);
        long total = runs.stream().mapToLong(Run::positions).sum();
        Deque<Integer> waiting = new ArrayDeque<>(prefixes.order());
        List<Running> running = new ArrayList<>();
        long done = 0;
        while (!waiting.isEmpty() || !running.isEmpty()) {
            while (running.size() < batch && !waiting.isEmpty()) {
                int index = waiting.remove();
                Running text = new Running(model, index, runs.get(index));
                prefixes.begin(index, text.session);
                if (held != null && phase == Phase.ALONE) {
                    held.begin(text.run, text.session, maxRows);
                    text.resumed = text.session.position() > 0;
                }
                text.fed = text.session.position();
                done += text.fed;
                listener.begin(index, text.session);
                running.add(text);
            }
            try {
                done += pass(running, phase, listener);
            } catch (CancellationException stopped) {
                running.forEach(text -> hold(text, phase));
                throw stopped;
            }
            for (Running text : running) {
                if (text.finished()) {
                    listener.end(text.index, Arrays.copyOf(text.ids, text.known));
                    hold(text, phase);
                }
            }
            running.removeIf(Running::finished);
            progress.update(done, total);
        }
        prefixes.close();
    }

    private void hold(Running text, Phase phase) {
        if (held != null && phase == Phase.ALONE) {
            held.keep(text.run, Arrays.copyOf(text.ids, text.known), text.session, maxRows);
        } else {
            text.session.close();
        }
    }

    private Phase phase(List<Run> runs) {
        return alwaysTogether || Math.min(batch, runs.size()) > 1 ? Phase.TOGETHER : Phase.ALONE;
    }

    /// Texts that run alone share nothing: their sums depend on how many rows pass at a time.
    private SharedPrefixes sharedPrefixes(List<Run> runs) {
        return phase(runs) == Phase.TOGETHER
                ? SharedPrefixes.of(runs, model.config().positions())
                : SharedPrefixes.none(runs);
    }

    /// Positions that are held beside those of the texts: what several of them begin with.
    public int sharedPositions(List<Run> runs) {
        return sharedPrefixes(runs).held();
    }

    /// @throws IllegalArgumentException when a text does not fit the model's context
    public void requireFit(List<Run> runs) {
        runs.forEach(this::requireFits);
    }

    private void requireFits(Run run) {
        int context = model.config().nCtx();
        if ((long) run.prompt().length + run.tokens() > context) {
            throw new IllegalArgumentException(
                    "%d prompt tokens and %d generated ones exceed the model's context of %d"
                            .formatted(run.prompt().length, run.tokens(), context));
        }
    }

    /// One forward pass, and a token for each text whose prompt is through.
    ///
    /// @return tokens fed
    private int pass(List<Running> running, Phase phase, RunListener listener) {
        Batch rows = new Batch(phase);
        List<Running> fed = new ArrayList<>();
        for (Running text : running) {
            int room = maxRows - rows.rows();
            if (room > 0) {
                text.feed(rows, room, maxRows);
                fed.add(text);
            }
        }
        try (LastRows stream = model.run(rows)) {
            if (listener.wantsRows()) {
                tell(listener, fed, stream.floats());
            }
            chooseTokens(fed.stream().filter(Running::wantsToken).toList(), stream, phase);
        }
        for (Running text : fed) {
            listener.passed(text.index, text.ids, text.known);
            text.ended |= !listener.wantsMore(text.index);
        }
        return rows.rows();
    }

    private static void tell(RunListener listener, List<Running> fed, float[] stream) {
        for (Running text : fed) {
            listener.rows(
                    text.index,
                    text.fed - text.fedLast,
                    stream,
                    text.lastRow - text.fedLast + 1,
                    text.fedLast);
        }
    }

    private void chooseTokens(List<Running> ready, LastRows stream, Phase phase) {
        if (ready.isEmpty()) {
            return;
        }
        int[] rows = ready.stream().mapToInt(text -> text.lastRow).toArray();
        boolean greedy = ready.stream().allMatch(text -> text.run.sampling().temperature() == 0);
        int[] best = greedy ? stream.mostProbable(rows) : null;
        if (best != null) {
            for (int i = 0; i < best.length; i++) {
                ready.get(i).choose(Sampler.requireFound(best[i]));
            }
            return;
        }
        float[] all = logits.of(stream.floats(rows), ready.size(), phase);
        int dVocab = all.length / ready.size();
        for (int i = 0; i < ready.size(); i++) {
            ready.get(i).choose(all, i * dVocab, dVocab);
        }
    }

    /// One text on its way.
    private static final class Running {
        private final int index;
        private final Run run;
        private final Session session;
        private final Sampler sampler;
        private final int[] ids;
        private int known;
        private int fed;
        private int fedLast;
        private int lastRow;
        private boolean ended;
        private boolean resumed;

        Running(Model model, int index, Run run) {
            this.index = index;
            this.run = run;
            session = model.newSession(run.positions(), run.intervention());
            sampler = new Sampler(run.sampling(), run.draw(), model.kernels());
            sampler.skip(run.prompt().length - run.stepsFrom());
            ids = Arrays.copyOf(run.prompt(), run.prompt().length + run.tokens());
            known = run.prompt().length;
        }

        /// Adds the next tokens to a batch, at most `most`, and no more than would be in a pass
        /// that began at the first.
        void feed(Batch batch, int most, int maxRows) {
            int whole = resumed ? maxRows - fed % maxRows : maxRows;
            int ahead = fed < run.stepsFrom() ? run.stepsFrom() - fed : 1;
            fedLast = Math.min(Math.min(most, whole), Math.min(ahead, known - fed));
            int[] tokens = Arrays.copyOfRange(ids, fed, fed + fedLast);
            lastRow = batch.add(session, tokens) + fedLast - 1;
            fed += fedLast;
        }

        /// Whether everything known is fed, and another token is to be generated.
        boolean wantsToken() {
            return fed == known && !finished();
        }

        void choose(float[] logits, int offset, int count) {
            choose(sampler.next(logits, offset, count));
        }

        void choose(int token) {
            ids[known++] = token;
            ended = run.stopIds().contains(token);
        }

        /// Of a text that is generated, the last token is never fed.
        boolean finished() {
            return run.tokens() == 0 ? fed == known : ended || known == ids.length;
        }
    }
}
