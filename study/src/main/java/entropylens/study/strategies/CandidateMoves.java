package entropylens.study.strategies;

import entropylens.data.MoveRow;
import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.data.UnitRows;
import entropylens.hook.HookPoint;
import entropylens.lens.Unembed;
import entropylens.model.Batch;
import entropylens.model.Session;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Which tokens each block brings into the top-0.6 set and which it throws out, for a few positions
/// of the first texts of a model: examples, to be read by people.
final class CandidateMoves {
    /// Positions looked at, over all texts.
    static final int POSITIONS = 16;

    private static final int PER_TEXT = 4;
    private static final double P = 0.6;
    private static final int NAMED = 6;

    private final Subject subject;
    private final Unembed unembed;

    private CandidateMoves(Subject subject) {
        this.subject = subject;
        this.unembed = subject.unembed();
    }

    static UnitRows of(Subject subject, List<StoredText> texts) {
        CandidateMoves moves = new CandidateMoves(subject);
        UnitRows rows = new UnitRows();
        texts.stream()
                .limit(POSITIONS / PER_TEXT)
                .forEach(text -> moves.text(text.text()).forEach(rows::add));
        return rows;
    }

    private List<MoveRow> text(TextRow text) {
        int prompt = text.promptIds().length;
        // the last token was generated and never read
        int[] ids = Arrays.copyOf(text.promptIds(), prompt + text.generatedIds().length - 1);
        System.arraycopy(text.generatedIds(), 0, ids, prompt, ids.length - prompt);
        float[][] stream = stream(ids);
        int measured = ids.length - prompt + 1;
        List<MoveRow> rows = new ArrayList<>();
        for (int token : spread(measured)) {
            rows.addAll(token(text, token, stream, prompt - 1 + token));
        }
        return rows;
    }

    /// Evenly from the first to the last.
    private static int[] spread(int count) {
        return IntStream.range(0, PER_TEXT)
                .map(i -> i * (count - 1) / Math.max(1, PER_TEXT - 1))
                .distinct()
                .toArray();
    }

    /// The residual stream after every block: `[layer][position × d_model]`.
    private float[][] stream(int[] ids) {
        int d = unembed.dModel();
        float[][] stream = new float[subject.model().config().nLayers()][ids.length * d];
        Session session = subject.model().newSession(ids.length);
        for (int layer = 0; layer < stream.length; layer++) {
            float[] rows = stream[layer];
            session.observe(
                    HookPoint.residPost(layer),
                    (point, position, values, offset) ->
                            System.arraycopy(values, offset, rows, position * d, d));
        }
        Batch batch = new Batch();
        batch.add(session, ids);
        subject.model().forward(batch);
        return stream;
    }

    private List<MoveRow> token(TextRow text, int token, float[][] stream, int position) {
        List<MoveRow> rows = new ArrayList<>();
        Candidates before = candidates(stream[0], position);
        for (int layer = 1; layer < stream.length; layer++) {
            Candidates now = candidates(stream[layer], position);
            int[] enter = now.without(before);
            int[] leave = before.without(now);
            rows.add(
                    new MoveRow(
                            text.study(),
                            text.model(),
                            text.textId(),
                            token + 1,
                            layer + 1,
                            now.entropy() - before.entropy(),
                            words(enter),
                            enter.length,
                            words(leave),
                            leave.length));
            before = now;
        }
        return rows;
    }

    private Candidates candidates(float[] rows, int position) {
        int d = unembed.dModel();
        float[] row = Arrays.copyOfRange(rows, position * d, (position + 1) * d);
        return Candidates.of(unembed.logits(row, 1), P);
    }

    private List<String> words(int[] ids) {
        return Arrays.stream(ids)
                .limit(NAMED)
                .mapToObj(id ->
                        subject.tokenizer().contains(id)
                                ? subject.tokenizer().decode(new int[] {id})
                                : "#" + id)
                .toList();
    }
}
