package entropylens.model;

import java.util.ArrayList;
import java.util.List;

/// The rows of a batch that one block's recurrence goes through: for each session that runs its
/// mixer, neighbouring rows in the order of its tokens. A session that skips the block is left out,
/// and so is what it remembers.
final class Stretches {
    /// Rows `[from, to)` of one session.
    record Stretch(int from, int to, RecurrentState state) {}

    private Stretches() {}

    static List<Stretch> of(BatchRows rows, int layer) {
        List<Stretch> stretches = new ArrayList<>();
        int from = 0;
        for (int row = 1; row <= rows.count(); row++) {
            if (row == rows.count() || rows.session(row) != rows.session(from)) {
                if (rows.attentionRuns(from, layer)) {
                    RecurrentState state = rows.session(from).state(layer).recurrent();
                    stretches.add(new Stretch(from, row, state));
                }
                from = row;
            }
        }
        return stretches;
    }
}
