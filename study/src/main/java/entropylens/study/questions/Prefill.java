package entropylens.study.questions;

import entropylens.hook.Intervention;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.RunListener;
import entropylens.model.Runner;
import java.util.List;

/// Feeds texts that are known in full, many at a time, and hands over the stream after the last
/// block.
final class Prefill {
    /// Rows of one forward pass.
    private static final int MAX_ROWS = 512;

    private final Model model;
    private final Intervention intervention;
    private final int maxRows;

    Prefill(Model model, Intervention intervention) {
        this(model, intervention, MAX_ROWS);
    }

    /// @param maxRows of one forward pass; a longer text goes through in pieces
    Prefill(Model model, Intervention intervention, int maxRows) {
        this.model = model;
        this.intervention = intervention;
        this.maxRows = maxRows;
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

    /// Every row of every text.
    void run(List<int[]> texts, Taker taker) {
        feed(texts.stream().map(ids -> Run.of(ids, intervention)).toList(), taker);
    }

    private void feed(List<Run> runs, Taker taker) {
        new Runner(model, maxRows, maxRows)
                .run(
                        runs,
                        new RunListener() {
                            @Override
                            public void rows(
                                    int text, int position, float[] stream, int row, int count) {
                                taker.take(text, position, stream, row, count);
                            }
                        },
                        Progress.NONE);
    }

    /// The row of the last position of every text: `[texts × d_model]`. What several texts begin
    /// with (the same examples, say) goes through the model once.
    float[] lastRows(List<int[]> texts) {
        int width = model.config().dModel();
        float[] last = new float[texts.size() * width];
        feed(
                texts.stream().map(ids -> Run.of(ids, intervention, ids.length - 1)).toList(),
                (text, position, stream, row, count) -> {
                    if (position + count == texts.get(text).length) {
                        int from = (row + count - 1) * width;
                        System.arraycopy(stream, from, last, text * width, width);
                    }
                });
        return last;
    }
}
