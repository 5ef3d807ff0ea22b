package entropylens.study.questions;

import entropylens.hook.Intervention;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Session;
import java.util.Arrays;
import java.util.List;

/// Feeds texts that are known in full, many at a time, and hands over the stream after the last
/// block.
final class Prefill {
    /// Rows of one forward pass.
    private static final int MOST_ROWS = 512;

    private final Model model;
    private final Intervention intervention;
    private final int mostRows;

    Prefill(Model model, Intervention intervention) {
        this(model, intervention, MOST_ROWS);
    }

    /// @param mostRows of one forward pass; a longer text goes through in pieces
    Prefill(Model model, Intervention intervention, int mostRows) {
        this.model = model;
        this.intervention = intervention;
        this.mostRows = mostRows;
    }

    /// Takes rows of the stream, position after position.
    @FunctionalInterface
    interface Taker {
        /// @param text index of the text
        /// @param position in the text, of the first of these rows
        /// @param stream `[rows × d_model]`, not normed
        /// @param row where the first one is
        /// @param count number of rows
        void take(int text, int position, float[] stream, int row, int count);
    }

    void run(List<int[]> texts, Taker taker) {
        int next = 0;
        while (next < texts.size()) {
            int end = next + 1;
            int rows = texts.get(next).length;
            while (end < texts.size() && rows + texts.get(end).length <= mostRows) {
                rows += texts.get(end).length;
                end++;
            }
            if (rows > mostRows) {
                inPieces(next, texts.get(next), taker);
            } else {
                together(texts, next, end, taker);
            }
            next = end;
        }
    }

    private void together(List<int[]> texts, int from, int to, Taker taker) {
        Batch batch = new Batch();
        int[] rows = new int[to - from];
        for (int i = from; i < to; i++) {
            int[] ids = texts.get(i);
            rows[i - from] = batch.add(model.newSession(ids.length, intervention), ids);
        }
        float[] stream = model.forward(batch);
        for (int i = from; i < to; i++) {
            taker.take(i, 0, stream, rows[i - from], texts.get(i).length);
        }
    }

    private void inPieces(int text, int[] ids, Taker taker) {
        Session session = model.newSession(ids.length, intervention);
        for (int from = 0; from < ids.length; from += mostRows) {
            int[] piece = Arrays.copyOfRange(ids, from, Math.min(from + mostRows, ids.length));
            Batch batch = new Batch();
            batch.add(session, piece);
            taker.take(text, from, model.forward(batch), 0, piece.length);
        }
    }

    /// The row of the last position of every text: `[texts × d_model]`.
    float[] lastRows(List<int[]> texts) {
        int width = model.config().dModel();
        float[] last = new float[texts.size() * width];
        run(
                texts,
                (text, position, stream, row, count) -> {
                    if (position + count == texts.get(text).length) {
                        int from = (row + count - 1) * width;
                        System.arraycopy(stream, from, last, text * width, width);
                    }
                });
        return last;
    }
}
