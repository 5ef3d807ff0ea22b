package entropylens.model;

import entropylens.hook.BlockAction;
import entropylens.hook.HookPoint;
import entropylens.hook.HookPoint.Site;
import entropylens.hook.Patch;
import entropylens.kernels.Phase;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A batch seen row by row: which session, token and position each row is, and what its session's
/// intervention says.
public final class BatchRows {
    private final Session[] sessions;
    private final int[] tokens;
    private final int[] positions;
    private final Phase phase;
    private final int dModel;

    /// Whether any row is patched anywhere; mostly none is, and then nobody looks for patches.
    private boolean patched;

    private BatchRows(int rows, Phase phase, int dModel) {
        this.phase = phase;
        sessions = new Session[rows];
        tokens = new int[rows];
        positions = new int[rows];
        this.dModel = dModel;
    }

    static BatchRows of(Batch batch, DecoderConfig config) {
        BatchRows rows = new BatchRows(batch.rows(), batch.phase(), config.dModel());
        for (Batch.Part part : batch.parts()) {
            rows.patched |= !part.session().intervention().patches().isEmpty();
            for (int i = 0; i < part.tokens().length; i++) {
                int row = part.firstRow() + i;
                rows.sessions[row] = part.session();
                rows.tokens[row] = part.tokens()[i];
                rows.positions[row] = part.session().position() + i;
            }
        }
        return rows;
    }

    /// Whether texts run by themselves or together.
    public Phase phase() {
        return phase;
    }

    /// Rows in all.
    public int count() {
        return tokens.length;
    }

    /// Id of the token of a row.
    public int token(int row) {
        return tokens[row];
    }

    /// Position of a row in its session.
    public int position(int row) {
        return positions[row];
    }

    /// Session of a row. Rows of one session are neighbours, in the order of their positions.
    public Session session(int row) {
        return sessions[row];
    }

    /// What a row does in a block.
    public BlockAction action(int row, int layer) {
        return sessions[row].intervention().at(layer);
    }

    /// Whether a row needs attention in this block.
    public boolean attentionRuns(int row, int layer) {
        return action(row, layer).attention() != 0;
    }

    /// Whether any row needs attention in this block.
    public boolean attentionRuns(int layer) {
        for (int r = 0; r < count(); r++) {
            if (attentionRuns(r, layer)) {
                return true;
            }
        }
        return false;
    }

    /// Whether a row needs the MLP in this block.
    public boolean mlpRuns(int row, int layer) {
        return action(row, layer).mlp() != 0;
    }

    /// Whether any row needs the MLP in this block.
    public boolean mlpRuns(int layer) {
        for (int r = 0; r < count(); r++) {
            if (mlpRuns(r, layer)) {
                return true;
            }
        }
        return false;
    }

    /// Whether a row does anything at all in this block.
    boolean runs(int row, int layer) {
        return attentionRuns(row, layer) || mlpRuns(row, layer);
    }

    void scaleAttention(int layer, float[] added) {
        for (int r = 0; r < count(); r++) {
            scale(added, r, action(r, layer).attention());
        }
    }

    void scaleMlp(int layer, float[] added) {
        for (int r = 0; r < count(); r++) {
            scale(added, r, action(r, layer).mlp());
        }
    }

    private void scale(float[] added, int row, float factor) {
        if (factor == 1) {
            return;
        }
        for (int i = row * dModel; i < (row + 1) * dModel; i++) {
            // not 0 · x: a skipped contribution leaves no trace, even where x is not finite
            added[i] = factor == 0 ? 0 : added[i] * factor;
        }
    }

    /// Norms those rows of the stream that `which` names, in place.
    void normStream(@Nullable NormWeights norm, float[] x, IntPredicate which) {
        for (int r = 0; norm != null && r < count(); r++) {
            if (which.test(r)) {
                norm.apply(x, r * dModel, dModel, x, r * dModel);
            }
        }
    }

    /// Whether a row may be patched, or some session is observed, anywhere.
    public boolean isTouched() {
        for (int r = 0; r < count(); r++) {
            if ((r == 0 || sessions[r] != sessions[r - 1]) && sessions[r].isObserved()) {
                return true;
            }
        }
        return patched;
    }

    /// Whether a row is patched at a point, or some session observes it.
    public boolean isTouched(Site site, int layer) {
        HookPoint point = new HookPoint(site, layer);
        for (int r = 0; r < count(); r++) {
            if ((r == 0 || sessions[r] != sessions[r - 1]) && sessions[r].isObserved(point)) {
                return true;
            }
            for (Patch patch : sessions[r].intervention().patches()) {
                if (patch.position() == positions[r] && patch.point().equals(point)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Puts patches in the place of what was computed, and shows what is there then.
    ///
    /// @param values `[rows × d_model]`
    public void pass(Site site, int layer, float[] values) {
        for (int r = 0; patched && r < count(); r++) {
            patch(r, site, layer, values);
        }
        show(site, layer, values, dModel);
    }

    private void patch(int row, Site site, int layer, float[] values) {
        for (Patch patch : sessions[row].intervention().patches()) {
            if (patch.position() == positions[row]
                    && patch.point().site() == site
                    && patch.point().layer() == layer) {
                patch.copyTo(values, row * dModel);
            }
        }
    }

    /// Shows rows to those who observe them.
    ///
    /// @param width of a row of `values`
    public void show(Site site, int layer, float[] values, int width) {
        HookPoint point = new HookPoint(site, layer);
        for (int r = 0; r < count(); r++) {
            sessions[r].show(point, positions[r], values, r * width);
        }
    }
}
