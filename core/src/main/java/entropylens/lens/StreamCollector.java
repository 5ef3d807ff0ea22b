package entropylens.lens;

import entropylens.hook.HookPoint;
import entropylens.model.ForwardPass;
import entropylens.model.KeptRows;
import entropylens.model.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/// Keeps one point of the residual stream of a session from a position on,
/// `[position][layer][d_model]`, and reads it out many positions at once. Bounded: when [#LIMIT]
/// bytes are full, they are read out and forgotten.
final class StreamCollector {
    /// Residuals that one sequence keeps of a point before they are read out.
    static final long LIMIT = 32L << 20;

    private final LogitLens lens;
    private final ReadoutRequest request;
    private final StreamPoint point;
    private final int firstPosition;
    private final int layers;

    /// Kept of a position: its layers, and the row that these are compared with, where it is none
    /// of them.
    private final int rowsEach;

    private final int dModel;
    private final RouterRows routers;
    private final TranslatedRows translated;
    private final List<Readouts> done = new ArrayList<>();
    private final KeptRows rows;
    private int flushed;
    private int held;

    /// @param pass where the rows are kept
    /// @param through what each layer is looked at
    /// @param layers read-outs per position: the blocks, and the embedding before them or not
    /// @param nLayers of the model
    StreamCollector(
            ForwardPass pass,
            LogitLens lens,
            ReadoutRequest request,
            Lens through,
            StreamPoint point,
            int firstPosition,
            int layers,
            int nLayers) {
        this.lens = lens;
        this.request = request;
        this.point = point;
        this.firstPosition = firstPosition;
        this.layers = layers;
        this.rowsEach =
                request.needsReferences() && point != StreamPoint.RESID_POST ? layers + 1 : layers;
        this.dModel = lens.unembed().dModel();
        this.rows = pass.newRows(rowsEach, limit() * rowsEach);
        this.routers = new RouterRows(rowsEach);
        this.translated =
                new TranslatedRows(
                        through,
                        lens,
                        Lens.firstLayer(point, layers > nLayers),
                        layers,
                        nLayers,
                        dModel);
    }

    /// @param experts of a block
    void attach(Session session, int nLayers, IntUnaryOperator experts) {
        int shift = layers - nLayers;
        if (request.needs(Statistic.Need.ROUTER)) {
            routers.attach(
                    session,
                    nLayers,
                    experts,
                    shift,
                    position -> position < firstPosition ? -1 : position - firstPosition - flushed);
        }
        if (shift > 0) {
            session.keep(HookPoint.residPre(0), rows, keptAs(0));
        }
        for (int block = 0; block < nLayers; block++) {
            session.keep(point.of(block), rows, keptAs(block + shift));
        }
        if (rowsEach > layers) {
            session.keep(HookPoint.residPost(nLayers - 1), rows, keptAs(layers));
        }
    }

    private IntUnaryOperator keptAs(int index) {
        return position -> {
            int slot = position - firstPosition - flushed;
            if (position < firstPosition) {
                return -1;
            }
            held = Math.max(held, slot + 1);
            return slot * rowsEach + index;
        };
    }

    private int limit() {
        return (int) Math.max(1, LIMIT / (4L * rowsEach * dModel));
    }

    /// Reads out what is held if much is held. To be called between forward passes, when no
    /// position is half seen.
    ///
    /// @param ids tokens of the sequence so far, for targets
    void flushIfFull(int[] ids) {
        if (held >= limit()) {
            flush(ids);
        }
    }

    /// Position of the first row that is held, or would be held next.
    int firstHeld() {
        return firstPosition + flushed;
    }

    /// Reads out what is held, if anything is.
    ///
    /// @param ids tokens of the sequence so far, for targets
    Optional<Readouts> flushNow(int[] ids) {
        if (held == 0) {
            return Optional.empty();
        }
        flush(ids);
        return Optional.of(done.getLast());
    }

    private void flush(int[] ids) {
        int count = held * rowsEach;
        int[] targets = null;
        if (request.needsTargets()) {
            targets = new int[count];
            for (int i = 0; i < count; i++) {
                int next = firstPosition + flushed + i / rowsEach + 1;
                targets[i] = next < ids.length ? ids[next] : LogitLens.NO_TARGET;
            }
        }
        int[] references = null;
        if (request.needsReferences()) {
            references = new int[count];
            Arrays.setAll(references, i -> i / rowsEach * rowsEach + rowsEach - 1);
        }
        translated.translate(rows, held, rowsEach);
        Readouts read = lens.read(rows, count, targets, references, request);
        translated.fillIn(read);
        routers.fillIn(read);
        done.add(read.firstOfEach(rowsEach, layers).withoutRowBefore(layers));
        flushed += held;
        held = 0;
    }

    /// Reads out what is left, and joins everything.
    Readouts finish(int[] ids) {
        if (held > 0 || done.isEmpty()) {
            flush(ids);
        }
        rows.close();
        return Readouts.join(done);
    }
}
