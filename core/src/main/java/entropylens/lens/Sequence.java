package entropylens.lens;

import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Sampler;
import entropylens.model.Session;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One text on its way through the model.
final class Sequence {
    private final int index;
    private final int[] prompt;
    private final Session session;
    private final @Nullable Sampler sampler;
    private final Set<Integer> stopIds;
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
        this.prompt = prompt;
        this.layers = model.config().nLayers() + (request.embedding() ? 1 : 0);
        session = model.newSession(Profiler.capacity(prompt, request), request.intervention());
        switch (request.positions()) {
            case Positions.OfPrompt _ -> {
                sampler = null;
                stopIds = Set.of();
            }
            case Positions.Generated generated -> {
                sampler = new Sampler(generated.sampling(), index, model.kernels());
                stopIds = generated.stopIds();
            }
        }
        collector = new StreamCollector(lens, request.readout(), firstPosition(), layers);
        collector.attach(session, model.config().nLayers(), request.embedding());
        ids = Arrays.copyOf(prompt, prompt.length + request.positions().tokens());
        known = prompt.length;
    }

    int index() {
        return index;
    }

    /// The last prompt token predicts the first generated one.
    private int firstPosition() {
        return sampler == null ? 0 : prompt.length - 1;
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
        int token = Objects.requireNonNull(sampler).next(logits, offset, count);
        ids[known++] = token;
        ended = stopIds.contains(token);
    }

    boolean finished() {
        return sampler == null ? fed == known : ended || known == ids.length;
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
