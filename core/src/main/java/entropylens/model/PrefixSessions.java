package entropylens.model;

import entropylens.kernels.Phase;
import entropylens.model.SharedPrefixes.Prefix;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sessions that hold what texts begin with, while texts that need them have yet to begin.
final class PrefixSessions {
    private final Model model;
    private final SharedPrefixes shared;
    private final int maxRows;

    /// From the shortest to the longest; each goes on from the one before it.
    private final Deque<Held> held = new ArrayDeque<>();

    private record Held(Prefix prefix, Session session) {}

    PrefixSessions(Model model, SharedPrefixes shared, int maxRows) {
        this.model = model;
        this.shared = shared;
        this.maxRows = maxRows;
    }

    List<Integer> order() {
        return shared.order();
    }

    /// Begins a text where its prefix ends. Texts begin in their [#order].
    void begin(int index, Session session) {
        Prefix prefix = shared.of(index);
        while (!held.isEmpty() && !isPartOf(held.getLast().prefix, prefix)) {
            held.removeLast().session.close();
        }
        if (prefix != null) {
            session.continueFrom(of(prefix));
        }
    }

    /// Lets go of all.
    void close() {
        held.forEach(one -> one.session.close());
        held.clear();
    }

    private static boolean isPartOf(Prefix part, @Nullable Prefix whole) {
        for (Prefix prefix = whole; prefix != null; prefix = prefix.parent()) {
            if (prefix == part) {
                return true;
            }
        }
        return false;
    }

    private Session of(Prefix prefix) {
        if (!held.isEmpty() && held.getLast().prefix == prefix) {
            return held.getLast().session;
        }
        Session session = model.newSession(prefix.capacity(), prefix.of().intervention());
        if (prefix.parent() != null) {
            session.continueFrom(of(prefix.parent()));
        }
        int[] tokens = prefix.own();
        for (int from = 0; from < tokens.length; from += maxRows) {
            Batch batch = new Batch(Phase.TOGETHER);
            int to = Math.min(from + maxRows, tokens.length);
            batch.add(session, Arrays.copyOfRange(tokens, from, to));
            model.run(batch).close();
        }
        held.addLast(new Held(prefix, session));
        return session;
    }
}
