package entropylens.study.questions;

import entropylens.hook.Intervention;
import entropylens.kernels.Phase;
import entropylens.lens.LogitLens;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import entropylens.lens.Statistic;
import entropylens.lens.Unembed;
import entropylens.study.workbench.Subject;
import java.util.Arrays;
import java.util.List;

/// How a model, some of its blocks skipped, answers questions and predicts texts.
public final class Answering {
    /// Rows whose logits are held at a time.
    private static final int ROWS = 16;

    private final Unembed unembed;
    private final Letters letters;
    private final Prefill prefill;

    /// @param intervention what is done to the model
    public Answering(Subject subject, Letters letters, Intervention intervention) {
        this.unembed = subject.unembed();
        this.letters = letters;
        this.prefill = new Prefill(subject.model(), intervention);
    }

    /// The logits of the letters after each prompt: `[prompt][letter]`.
    public double[][] letterLogits(List<int[]> prompts) {
        float[] rows = prefill.lastRows(prompts);
        int width = unembed.dModel();
        double[][] all = new double[prompts.size()][];
        for (int from = 0; from < all.length; from += ROWS) {
            int count = Math.min(ROWS, all.length - from);
            float[] some = Arrays.copyOfRange(rows, from * width, (from + count) * width);
            float[] logits = unembed.logits(some, count, Phase.TOGETHER);
            for (int i = 0; i < count; i++) {
                all[from + i] = letters.of(logits, i * unembed.dVocab());
            }
        }
        return all;
    }

    /// The sum of −ln p over the tokens of each text but its first.
    public double[] nats(List<int[]> texts) {
        LogitLens lens = new LogitLens(unembed);
        double[] nats = new double[texts.size()];
        prefill.run(
                texts,
                (text, position, stream, row, count) -> {
                    int[] ids = texts.get(text);
                    // the last position predicts nothing that is known
                    int predicting = Math.min(count, ids.length - 1 - position);
                    int[] targets =
                            Arrays.copyOfRange(ids, position + 1, position + 1 + predicting);
                    nats[text] += nats(lens, stream, row, targets);
                });
        return nats;
    }

    private double nats(LogitLens lens, float[] stream, int row, int[] targets) {
        if (targets.length == 0) {
            return 0;
        }
        int width = unembed.dModel();
        float[] rows = Arrays.copyOfRange(stream, row * width, (row + targets.length) * width);
        Readouts readouts =
                lens.read(
                        rows,
                        targets.length,
                        targets,
                        null,
                        ReadoutRequest.ENTROPY.with(Statistic.NEXT_PROBABILITY));
        // a probability too small for a double counts as the smallest there is
        return Arrays.stream(readouts.column(Statistic.NEXT_PROBABILITY))
                .map(p -> -Math.log(Math.max(p, Double.MIN_VALUE)))
                .sum();
    }
}
