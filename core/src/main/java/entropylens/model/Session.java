package entropylens.model;

import entropylens.hook.HookPoint;
import entropylens.hook.Intervention;
import entropylens.hook.Observer;
import entropylens.hook.Patch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntUnaryOperator;

/// One sequence: what the mixers of its blocks remember, its position, what observes it and what
/// intervenes. One serial pipeline.
public final class Session {
    private final DecoderConfig config;
    private final int capacity;
    private final SessionState state;
    private final Intervention intervention;
    private final IntUnaryOperator experts;
    private final ReentrantLock running = new ReentrantLock();

    /// Observers by site and block.
    private final List<List<Attachment>> observers;

    /// What is kept on a device.
    private final List<Kept> kept = new ArrayList<>();

    private int position;

    /// @param experts of a block
    Session(
            DecoderConfig config,
            ForwardPass pass,
            int capacity,
            Intervention intervention,
            IntUnaryOperator experts) {
        if (capacity < 1 || capacity > config.nCtx()) {
            throw new IllegalArgumentException(
                    "a session of %d tokens does not fit this model: its context holds 1 to %d"
                            .formatted(capacity, config.nCtx()));
        }
        intervention.requireWithin(config.nLayers());
        this.config = config;
        this.experts = experts;
        intervention.patches().forEach(this::requireFits);
        this.capacity = capacity;
        this.state = pass.newState(capacity);
        this.intervention = intervention;
        this.observers = new ArrayList<>();
        for (int i = 0; i < HookPoint.Site.values().length * config.nLayers(); i++) {
            observers.add(new ArrayList<>());
        }
    }

    /// An observer that is attached; closing it detaches.
    public interface Attached extends AutoCloseable {
        @Override
        void close();
    }

    /// Equal to itself alone: the same observer attached twice is detached once by each handle.
    private static final class Attachment implements Attached {
        private final List<Attachment> there;
        private final Observer observer;

        Attachment(List<Attachment> there, Observer observer) {
            this.there = there;
            this.observer = observer;
        }

        @Override
        public void close() {
            there.remove(this);
        }
    }

    /// Attaches an observer to a hook point of this session, until the handle is closed.
    ///
    /// @throws IllegalArgumentException when the model has no such hook point
    public Attached observe(HookPoint point, Observer observer) {
        requireThere(point);
        List<Attachment> there = at(point);
        Attachment attachment = new Attachment(there, observer);
        there.add(attachment);
        return attachment;
    }

    /// Rows of a hook point that are kept in slots as they are computed.
    ///
    /// @param slotOf position of a row → its slot; negative for one that is not kept
    public record Kept(HookPoint point, KeptRows rows, IntUnaryOperator slotOf) {}

    /// Keeps rows of a hook point where they are computed, for as long as the session runs.
    ///
    /// @param rows as the model's [ForwardPass] made them
    /// @param slotOf position of a row → its slot, asked once for each row that passes; negative
    ///   for one that is not to be kept
    /// @throws IllegalArgumentException when the model has no such hook point
    public void keep(HookPoint point, KeptRows rows, IntUnaryOperator slotOf) {
        requireThere(point);
        if (rows instanceof HostRows host) {
            at(point).add(new Attachment(at(point), host.keepAs(slotOf)));
        } else {
            kept.add(new Kept(point, rows, slotOf));
        }
    }

    private void requireThere(HookPoint point) {
        if (point.layer() < 0 || point.layer() >= config.nLayers()) {
            throw new IllegalArgumentException(
                    "no hook point %s; this model has blocks 0..%d"
                            .formatted(point, config.nLayers() - 1));
        }
        if (point.site() == HookPoint.Site.RESID_MID && !config.residual().hasMid()) {
            throw new IllegalArgumentException(
                    "no hook point %s; %s"
                            .formatted(
                                    point,
                                    config.residual() == Residual.ONE_SUM
                                            ? "a block of this model writes to the stream only once"
                                            : "attention and MLP of this model read the stream side by side, and nothing lies between them"));
        }
        if (point.site().isOfRouter() && experts.applyAsInt(point.layer()) == 0) {
            throw new IllegalArgumentException(
                    "no hook point %s; this block has no router".formatted(point));
        }
    }

    private void requireFits(Patch patch) {
        requireThere(patch.point());
        if (patch.width() != config.dModel()) {
            throw new IllegalArgumentException(
                    "the patch at %s has %d floats, but d_model is %d"
                            .formatted(patch, patch.width(), config.dModel()));
        }
    }

    private List<Attachment> at(HookPoint point) {
        return observers.get(point.site().ordinal() * config.nLayers() + point.layer());
    }

    /// What is kept of it on a device.
    public List<Kept> kept() {
        return Collections.unmodifiableList(kept);
    }

    /// Whether somebody observes it anywhere.
    boolean isObserved() {
        return observers.stream().anyMatch(there -> !there.isEmpty());
    }

    /// Whether somebody observes it there.
    boolean isObserved(HookPoint point) {
        return !at(point).isEmpty();
    }

    void show(HookPoint point, int rowPosition, float[] values, int offset) {
        for (Attachment attachment : at(point)) {
            attachment.observer.observe(point, rowPosition, values, offset);
        }
    }

    /// Tokens fed so far.
    public int position() {
        return position;
    }

    /// Most tokens this session can hold.
    public int capacity() {
        return capacity;
    }

    public Intervention intervention() {
        return intervention;
    }

    /// Begins where another session is: as if its tokens had been fed.
    void continueFrom(Session other) {
        continueFrom(other, other.position);
    }

    /// Begins where another session was: as if its first tokens had been fed.
    ///
    /// @param tokens fewer than it has only where [#knowsEarlierPositions]
    void continueFrom(Session other, int tokens) {
        state.continueFrom(other.state, tokens);
        position = tokens;
    }

    /// How a text of this length turns queries and keys.
    List<Integer> turned(int length) {
        return config.positions().kindOf(length);
    }

    /// Heap that its mixers' states take.
    long stateBytes() {
        return config.stateBytes(capacity);
    }

    /// Whether others can begin where this one was at any time.
    boolean knowsEarlierPositions() {
        return state.knowsEarlierPositions();
    }

    /// Nobody sees it any more.
    void detachAll() {
        observers.forEach(List::clear);
        kept.clear();
    }

    /// What it remembers, kept by the forward pass that computes it.
    public SessionState state() {
        return state;
    }

    /// What the mixer of a block remembers, on the heap.
    MixerState state(int layer) {
        return ((HostState) state).blocks().get(layer);
    }

    /// Gives its memory back. Nobody feeds it any more.
    void close() {
        state.close();
    }

    /// @throws IllegalArgumentException when the session was made by another model
    void requireMadeFor(DecoderConfig running) {
        if (config != running) {
            throw new IllegalArgumentException(
                    "the session was made by another model; sessions belong to the model whose newSession made them");
        }
    }

    void advance(int tokens) {
        position += tokens;
    }

    void lock() {
        // an observer that feeds the session it observes holds the lock already
        if (running.isHeldByCurrentThread() || !running.tryLock()) {
            throw new ConcurrentModificationException(
                    "a session is one serial pipeline; open a second session for a second thread");
        }
    }

    void unlock() {
        running.unlock();
    }

    void requireRoomFor(int[] tokens) {
        if (position + tokens.length > capacity()) {
            throw new IllegalStateException(
                    "the session holds %d of %d tokens and has no room for %d more"
                            .formatted(position, capacity(), tokens.length));
        }
        for (int token : tokens) {
            if (token < 0 || token >= config.dVocab()) {
                throw new IllegalArgumentException(
                        "token id %d is outside the vocabulary 0..%d (in %s)"
                                .formatted(
                                        token,
                                        config.dVocab() - 1,
                                        tokens.length > 12
                                                ? tokens.length + " ids"
                                                : Arrays.toString(tokens)));
            }
        }
    }
}
