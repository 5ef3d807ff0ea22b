package entropylens.model;

import entropylens.hook.Intervention;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/// The sessions of the last few texts of a model, so that a text which begins as one of them goes
/// on from there: somebody edits a token and looks at what follows.
///
/// No bit of a text depends on what is held. A row's sums depend on whether it went through the
/// model by itself ([Phase#ALONE]), so a row is taken over only where it would do so again. Any
/// number of threads may share one; a session is held for as long as there is room.
public final class HeldSessions {
    private final int most;
    private final long mostBytes;
    private final Deque<Held> held = new ArrayDeque<>();

    /// @param ids that went through
    /// @param steps where rows begin that went through by themselves
    /// @param turned how its length turns queries and keys
    private record Held(
            int[] ids,
            int steps,
            Intervention intervention,
            List<Integer> turned,
            Session session) {}

    /// @param most sessions
    /// @param mostBytes that their states may take
    public HeldSessions(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /// Heap that is held now.
    public synchronized long bytes() {
        return held.stream().mapToLong(one -> one.session.stateBytes()).sum();
    }

    /// Lets go of all.
    public synchronized void clear() {
        held.forEach(one -> one.session.close());
        held.clear();
    }

    /// Takes over the most tokens that a held session has in common with a text.
    ///
    /// @param session the text's, which has seen nothing
    /// @param maxRows of one forward pass
    synchronized void begin(Run run, Session session, int maxRows) {
        int taken = 0;
        Held from = null;
        for (Held one : held) {
            int common = common(one, run, session, maxRows);
            if (common > taken) {
                taken = common;
                from = one;
            }
        }
        if (from != null) {
            session.continueFrom(from.session, taken);
        }
    }

    private static int common(Held one, Run run, Session session, int maxRows) {
        if (!one.intervention.equals(run.intervention())
                || !one.turned.equals(session.turned(run.positions()))) {
            return 0;
        }
        int differs = Arrays.mismatch(one.ids, run.prompt());
        int common = differs < 0 ? one.ids.length : differs;
        int steps = steps(run, maxRows);
        if (one.steps != steps) {
            common = Math.min(common, Math.min(one.steps, steps));
        }
        // what the last token makes is looked at, and the rows before it may be
        common = Math.min(common, Math.min(run.seenFrom(), run.prompt().length - 1));
        int left = Math.min(maxRows - common % maxRows, steps - common);
        if (left == 1 && common % maxRows > 0) {
            common--; // the last of several rows of a pass would go by itself
        }
        boolean there = common == one.session.position() || one.session.knowsEarlierPositions();
        return there ? common : 0;
    }

    /// Where rows begin that go through by themselves: behind the prompt, or at its last token if
    /// that is all that is left for the last pass.
    private static int steps(Run run, int maxRows) {
        return run.stepsFrom() % maxRows == 1 ? run.stepsFrom() - 1 : run.stepsFrom();
    }

    /// Holds a session, which nobody feeds any more.
    ///
    /// @param ids of the text; the last may not have gone through
    synchronized void keep(Run run, int[] ids, Session session, int maxRows) {
        int[] fed = Arrays.copyOf(ids, session.position());
        List<Held> older = held.stream().filter(one -> isOlder(one, run, fed, maxRows)).toList();
        held.removeAll(older);
        older.forEach(one -> one.session.close());
        session.detachAll();
        held.addFirst(
                new Held(
                        fed,
                        steps(run, maxRows),
                        run.intervention(),
                        session.turned(run.positions()),
                        session));
        Iterator<Held> oldest = held.descendingIterator();
        while (oldest.hasNext() && (held.size() > most || bytes() > mostBytes)) {
            oldest.next().session.close();
            oldest.remove();
        }
    }

    /// Whether the new session has all that an older one has.
    private static boolean isOlder(Held one, Run run, int[] fed, int maxRows) {
        return one.intervention.equals(run.intervention())
                && one.steps == steps(run, maxRows)
                && one.turned.equals(one.session.turned(run.positions()))
                && one.ids.length <= fed.length
                && one.session.knowsEarlierPositions()
                && Arrays.equals(one.ids, Arrays.copyOf(fed, one.ids.length));
    }
}
