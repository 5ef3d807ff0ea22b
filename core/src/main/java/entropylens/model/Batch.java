package entropylens.model;

import entropylens.kernels.Phase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Tokens that go through the model together: some tokens of one session, then some of the next.
/// Matrix products see all rows at once; attention looks into each row's own KV cache. Prefill of
/// one session may stand beside the decoding of others.
public final class Batch {
    private final List<Part> parts = new ArrayList<>();
    private final Set<Session> sessions = new HashSet<>();
    private final Phase phase;
    private int rows;

    /// For a session that no other joins.
    public Batch() {
        this(Phase.ALONE);
    }

    /// @param phase [Phase#TOGETHER] where the rows of a session are to have the same bits whatever
    ///   others stand beside them
    public Batch(Phase phase) {
        this.phase = phase;
    }

    /// Consecutive tokens of one session.
    record Part(Session session, int[] tokens, int firstRow) {}

    /// Adds the next tokens of a session; a session may appear once.
    ///
    /// @return the row of the first of these tokens in what [Model#forward] returns
    public int add(Session session, int... tokens) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("a session must be given at least one token");
        }
        if (!sessions.add(session)) {
            throw new IllegalArgumentException("a session appears twice in one batch");
        }
        int first = rows;
        parts.add(new Part(session, tokens.clone(), first));
        rows += tokens.length;
        return first;
    }

    Phase phase() {
        return phase;
    }

    /// Rows in all.
    public int rows() {
        return rows;
    }

    List<Part> parts() {
        return parts;
    }
}
