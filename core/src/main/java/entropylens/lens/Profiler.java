package entropylens.lens;

import entropylens.model.Batch;
import entropylens.model.DecoderConfig;
import entropylens.model.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Drives a model over texts and measures the entropy of every layer: generates, several sequences
/// at a time, keeps the residual stream of the positions that predict, and reads it out in bulk.
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
        prompts.forEach(prompt -> requireFits(prompt, request));
        MemoryPlan.of(model.config(), prompts, request, batch).requireAvailable();
        Deque<Integer> waiting = new ArrayDeque<>();
        long total = 0;
        for (int i = 0; i < prompts.size(); i++) {
            waiting.add(i);
            total += capacity(prompts.get(i), request);
        }
        TextProfile[] results = new TextProfile[prompts.size()];
        List<Sequence> running = new ArrayList<>();
        long done = 0;
        while (!waiting.isEmpty() || !running.isEmpty()) {
            while (running.size() < batch && !waiting.isEmpty()) {
                int index = waiting.remove();
                running.add(new Sequence(model, lens, request, index, prompts.get(index)));
            }
            step(running);
            for (Sequence sequence : running) {
                done += sequence.fedLast();
                if (sequence.finished()) {
                    results[sequence.index()] = sequence.result();
                }
            }
            running.removeIf(Sequence::finished);
            progress.update(done, total);
        }
        return List.of(results);
    }

    /// One forward pass over all running sequences, and a token for each whose prompt is through.
    private void step(List<Sequence> running) {
        Batch batch = new Batch();
        int room = maxRows();
        List<Sequence> fed = new ArrayList<>();
        for (Sequence sequence : running) {
            int left = room - batch.rows();
            if (left > 0) {
                sequence.feed(batch, left);
                fed.add(sequence);
            } else {
                sequence.rest();
            }
        }
        float[] stream = model.forward(batch);
        List<Sequence> ready = fed.stream().filter(Sequence::wantsToken).toList();
        if (!ready.isEmpty()) {
            chooseTokens(ready, stream);
        }
        fed.forEach(Sequence::flushIfFull);
    }

    private void chooseTokens(List<Sequence> ready, float[] stream) {
        int d = unembed.dModel();
        float[] last = new float[ready.size() * d];
        for (int i = 0; i < ready.size(); i++) {
            System.arraycopy(stream, ready.get(i).lastRow() * d, last, i * d, d);
        }
        float[] logits = unembed.logits(last, ready.size());
        for (int i = 0; i < ready.size(); i++) {
            ready.get(i).choose(logits, i * unembed.dVocab(), unembed.dVocab());
        }
    }

    /// Fewer rows at a time for large models, so that what is collected in one pass stays small.
    private int maxRows() {
        DecoderConfig config = model.config();
        long perRow = 4L * config.dModel() * (config.nLayers() + 1);
        return (int) Math.clamp(StreamCollector.LIMIT / perRow, 16, MAX_ROWS);
    }

    /// Positions that a text occupies: the last generated token is never fed.
    static int capacity(int[] prompt, ProfileRequest request) {
        return prompt.length + Math.max(0, request.positions().tokens() - 1);
    }

    private void requireFits(int[] prompt, ProfileRequest request) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException(
                    "the prompt is empty; at least one token is needed (a begin token, for instance)");
        }
        int context = model.config().nCtx();
        if ((long) prompt.length + request.positions().tokens() > context) {
            throw new IllegalArgumentException(
                    "%d prompt tokens and %d generated ones exceed the model's context of %d"
                            .formatted(prompt.length, request.positions().tokens(), context));
        }
    }
}
