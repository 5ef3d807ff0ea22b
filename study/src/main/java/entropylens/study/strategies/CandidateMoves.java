package entropylens.study.strategies;

import entropylens.data.MoveRow;
import entropylens.data.TextRow;
import entropylens.data.UnitRows;
import entropylens.hook.HookPoint;
import entropylens.hook.Intervention;
import entropylens.lens.LogitLens;
import entropylens.lens.ReadoutRequest;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.RunListener;
import entropylens.model.Runner;
import entropylens.model.Session;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Which tokens each block brings into the top-0.6 set and which it throws out, for a few positions
/// of the first texts of a model: examples, to be read by people.
final class CandidateMoves {
    /// Texts looked at.
    static final int TEXTS = 4;

    private static final int PER_TEXT = 4;

    /// Positions looked at, over all texts.
    static final int POSITIONS = TEXTS * PER_TEXT;

    private static final double P = 0.6;
    private static final int NAMED = 6;

    private final Subject subject;

    /// Of one forward pass.
    private static final int MAX_ROWS = 256;

    private final LogitLens lens;
    private final int layers;
    private final int dModel;

    private CandidateMoves(Subject subject) {
        this.subject = subject;
        this.lens = new LogitLens(subject.unembed());
        this.layers = subject.model().config().nLayers();
        this.dModel = lens.unembed().dModel();
    }

    /// @param texts that the model generated
    static UnitRows of(Subject subject, List<TextRow> texts) {
        CandidateMoves moves = new CandidateMoves(subject);
        UnitRows rows = new UnitRows();
        texts.forEach(text -> moves.text(text).forEach(rows::add));
        return rows;
    }

    private List<MoveRow> text(TextRow text) {
        int prompt = text.promptIds().length;
        // the last token was generated and never read
        int[] ids = Arrays.copyOf(text.promptIds(), prompt + text.generatedIds().length - 1);
        System.arraycopy(text.generatedIds(), 0, ids, prompt, ids.length - prompt);
        int[] tokens = spread(ids.length - prompt + 1);
        List<MoveRow> rows = new ArrayList<>();
        float[][] streams = streams(ids, Arrays.stream(tokens).map(t -> prompt - 1 + t).toArray());
        for (int i = 0; i < tokens.length; i++) {
            rows.addAll(token(text, tokens[i], streams[i]));
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

    /// The residual stream after every block at some positions: `[position][layer × d_model]`.
    private float[][] streams(int[] ids, int[] positions) {
        float[][] streams = new float[positions.length][layers * dModel];
        new Runner(subject.model(), 1, MAX_ROWS)
                .run(
                        List.of(Run.of(ids, Intervention.NONE)),
                        new RunListener() {
                            @Override
                            public void begin(int text, Session session) {
                                for (int layer = 0; layer < layers; layer++) {
                                    int to = layer * dModel;
                                    session.observe(
                                            HookPoint.residPost(layer),
                                            (_, position, values, offset) -> {
                                                int at = Arrays.binarySearch(positions, position);
                                                if (at >= 0) {
                                                    System.arraycopy(
                                                            values,
                                                            offset,
                                                            streams[at],
                                                            to,
                                                            dModel);
                                                }
                                            });
                                }
                            }
                        },
                        Progress.NONE);
        return streams;
    }

    /// @param stream `[layer × d_model]`
    private List<MoveRow> token(TextRow text, int token, float[] stream) {
        double[] entropy = lens.read(stream, layers, ReadoutRequest.ENTROPY).entropy();
        int[][] sets = lens.topPMembers(stream, layers, P);
        List<MoveRow> rows = new ArrayList<>();
        for (int layer = 1; layer < layers; layer++) {
            int[] enter = without(sets[layer], sets[layer - 1]);
            int[] leave = without(sets[layer - 1], sets[layer]);
            rows.add(
                    new MoveRow(
                            text.study(),
                            text.model(),
                            text.textId(),
                            token + 1,
                            layer + 1,
                            entropy[layer] - entropy[layer - 1],
                            words(enter),
                            enter.length,
                            words(leave),
                            leave.length));
        }
        return rows;
    }

    /// Those of a set that another does not have, in their order.
    static int[] without(int[] set, int[] other) {
        Set<Integer> theirs = Arrays.stream(other).boxed().collect(Collectors.toSet());
        return Arrays.stream(set).filter(id -> !theirs.contains(id)).toArray();
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
