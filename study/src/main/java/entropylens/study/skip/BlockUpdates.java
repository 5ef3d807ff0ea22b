package entropylens.study.skip;

import entropylens.data.BlockRow;
import entropylens.data.UnitRows;
import entropylens.hook.HookPoint;
import entropylens.hook.Intervention;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.RunListener;
import entropylens.model.Runner;
import entropylens.model.Session;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// How far each block moves the residual stream, and in which direction: what rivals ΔH as a sign
/// of what a block is worth.
final class BlockUpdates {
    /// Of one forward pass.
    private static final int MAX_ROWS = 256;

    private final Subject subject;
    private final int width;

    BlockUpdates(Subject subject) {
        this.subject = subject;
        this.width = subject.model().config().dModel();
    }

    /// Measures the texts on which ΔH is measured, unless that is done.
    void measure(List<PlainTexts.Text> texts, Workbench bench) {
        for (PlainTexts.Text text : texts) {
            String unit = "%s/%s/blocks/%s".formatted(Skipping.ID, subject.name(), text.id());
            bench.once(unit, subject, () -> rows(text));
        }
    }

    private UnitRows rows(PlainTexts.Text text) {
        int blocks = subject.model().config().nLayers();
        int[] ids = text.ids(subject);
        float[][] before = new float[ids.length][];
        double[][] sums = new double[blocks][3];
        new Runner(subject.model(), 1, MAX_ROWS)
                .run(
                        List.of(Run.of(ids, Intervention.NONE)),
                        new RunListener() {
                            @Override
                            public void begin(int index, Session session) {
                                observe(session, before, sums);
                            }
                        },
                        Progress.NONE);
        UnitRows rows = new UnitRows();
        for (int block = 0; block < blocks; block++) {
            double[] sum = sums[block];
            rows.add(
                    new BlockRow(
                            Skipping.ID,
                            subject.name(),
                            text.id(),
                            block + 1,
                            sum[0] / ids.length,
                            sum[1] / ids.length,
                            sum[2] / ids.length));
        }
        return rows;
    }

    private void observe(Session session, float[][] before, double[][] sums) {
        session.observe(
                HookPoint.residPre(0),
                (_, position, values, offset) ->
                        before[position] = Arrays.copyOfRange(values, offset, offset + width));
        for (int block = 0; block < sums.length; block++) {
            double[] sum = sums[block];
            session.observe(
                    HookPoint.residPost(block),
                    (_, position, values, offset) -> add(before[position], values, offset, sum));
        }
    }

    /// Adds the norm of the input, that of the update, and the cosine of input and output of one
    /// position; the output is the next block's input. A stream of zeros has no direction; its
    /// cosine counts as 1 where it stays, as 0 where it does not.
    private static void add(float[] before, float[] values, int offset, double[] sum) {
        double input = 0;
        double output = 0;
        double product = 0;
        double update = 0;
        for (int i = 0; i < before.length; i++) {
            double in = before[i];
            double out = values[offset + i];
            input += in * in;
            output += out * out;
            product += in * out;
            update += (out - in) * (out - in);
            before[i] = values[offset + i];
        }
        sum[0] += Math.sqrt(input);
        sum[1] += Math.sqrt(update);
        double scale = Math.sqrt(input * output);
        sum[2] += scale > 0 ? product / scale : update == 0 ? 1 : 0;
    }

    /// The mean over texts of what was kept, by block.
    static double[] mean(List<BlockRow> rows, int blocks, ToDoubleFunction<BlockRow> value) {
        return IntStream.rangeClosed(1, blocks)
                .mapToDouble(block ->
                        rows.stream()
                                .filter(row -> row.block() == block)
                                .mapToDouble(value)
                                .average()
                                .orElseThrow())
                .toArray();
    }
}
