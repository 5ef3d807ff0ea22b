package entropylens.lens;

import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Sampler;
import entropylens.model.Session;
import java.util.Arrays;

/// One text on its way through the model.
final class Sequence {
    private final int index;
    private final ProfileRequest request;
    private final int[] prompt;
    private final Session session;
    private final Sampler sampler;
    private final StreamCollector collector;
    private final int layers;
    private int[] ids;
    private int known;
    private int fed;
    private int fedLast;
    private int lastRow;
    private boolean ended;

    Sequence(Model model, LogitLens lens, ProfileRequest request, int index, int[] prompt) {
        this.index = index;
        this.request = request;
        this.prompt = prompt;
        this.layers = model.config().nLayers() + (request.embedding() ? 1 : 0);
        session = model.newSession(Profiler.capacity(prompt, request), request.intervention());
        sampler = new Sampler(request.sampling(), index, model.kernels());
        collector = new StreamCollector(lens, request.readout(), firstPosition(), layers);
        collector.attach(session, model.config().nLayers(), request.embedding());
        ids = Arrays.copyOf(prompt, prompt.length + request.tokens());
        known = prompt.length;
    }

    int index() {
        return index;
    }

    /// The last prompt token predicts the first generated one.
    private int firstPosition() {
        return request.ofPrompt() ? 0 : prompt.length - 1;
    }

    /// Adds the next tokens, at most `most`, to a batch.
    void feed(Batch batch, int most) {
        fedLast = Math.min(most, known - fed);
        int[] tokens = Arrays.copyOfRange(ids, fed, fed + fedLast);
        lastRow = batch.add(session, tokens) + fedLast - 1;
        fed += fedLast;
    }

    /// Takes no part in this forward pass.
    void rest() {
        fedLast = 0;
    }

    int fedLast() {
        return fedLast;
    }

    /// Row of the last token fed, in the batch it was fed in.
    int lastRow() {
        return lastRow;
    }

    /// Whether everything known is fed, and another token is to be generated.
    boolean wantsToken() {
        return fed == known && !ended && known < ids.length;
    }

    void choose(float[] logits, int offset, int count) {
        int token = sampler.next(logits, offset, count);
        ids[known++] = token;
        ended = request.stopIds().contains(token);
    }

    boolean finished() {
        return request.ofPrompt() ? fed == known : ended || known == ids.length;
    }

    void flushIfFull() {
        collector.flushIfFull(Arrays.copyOf(ids, known));
    }

    TextProfile result() {
        ids = Arrays.copyOf(ids, known);
        return new TextProfile(
                prompt,
                Arrays.copyOfRange(ids, prompt.length, known),
                firstPosition(),
                layers,
                collector.finish(ids));
    }
}
