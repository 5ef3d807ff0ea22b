package entropylens.translators;

import entropylens.hook.Intervention;
import entropylens.lens.Lens;
import entropylens.lens.LogitLens;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import entropylens.lens.Statistic;
import entropylens.lens.Translator;
import entropylens.lens.Unembed;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.Runner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How far two lenses of one model read apart, layer by layer: between two that were fitted alike
/// on different texts, what of a reading is the texts' and not the model's.
public final class LensComparison {
    private final Model model;
    private final Lens first;
    private final Lens second;
    private final List<Integer> layers;

    /// Means over the positions of a text, `[layer]` in the order of [#layers].
    ///
    /// @param agreement share of positions where both have the same most probable token
    /// @param divergence `(KL(p ‖ q) + KL(q ‖ p)) / 2`, nats
    /// @param entropy of the first less that of the second, nats
    /// @param absolute the same without its sign
    public record OfText(
            double[] agreement, double[] divergence, double[] entropy, double[] absolute) {
        private OfText(int layers) {
            this(new double[layers], new double[layers], new double[layers], new double[layers]);
        }
    }

    /// @throws IllegalArgumentException when there is no layer that both read
    public LensComparison(Model model, Lens first, Lens second) {
        this.model = model;
        this.first = first;
        this.second = second;
        this.layers = new ArrayList<>();
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
            if (reads(first, layer) && reads(second, layer)) {
                layers.add(layer);
            }
        }
        if (layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s and %s have no layer in common"
                            .formatted(first.described(), second.described()));
        }
    }

    private static boolean reads(Lens lens, int layer) {
        return lens.isLogit() || lens.translators().containsKey(layer);
    }

    /// The layers that both read, but for the last, where every lens is the model itself.
    public List<Integer> layers() {
        return List.copyOf(layers);
    }

    /// @param texts tokens of each, more than `skipped`
    /// @param skipped first positions of a text that are left out
    /// @return of each text
    public List<OfText> of(List<int[]> texts, int skipped, Progress progress) {
        Runner runner = new Runner(model, 1, StreamRows.maxRows(model.config())).alwaysTogether();
        long total = texts.stream().mapToLong(ids -> ids.length).sum();
        long done = 0;
        List<OfText> found = new ArrayList<>();
        for (int[] ids : texts) {
            OfText sums = new OfText(layers.size());
            StreamRows.Sink sink = (rows, count) -> add(rows, count, sums);
            Run run = Run.of(ids, Intervention.NONE);
            runner.run(List.of(run), new StreamRows(model.config(), skipped, sink), Progress.NONE);
            divide(sums, ids.length - skipped);
            found.add(sums);
            done += ids.length;
            progress.update(done, total);
        }
        return found;
    }

    private static void divide(OfText sums, int positions) {
        for (double[] of : List.of(sums.agreement, sums.divergence, sums.entropy, sums.absolute)) {
            for (int i = 0; i < of.length; i++) {
                of[i] /= positions;
            }
        }
    }

    private void add(float[][] stream, int count, OfText sums) {
        LogitLens readout = new LogitLens(Unembed.of(model));
        ReadoutRequest request = ReadoutRequest.ENTROPY.with(Statistic.KL_TO_LAST).withTopK(1);
        int d = model.config().dModel();
        int[] references = new int[2 * count];
        Arrays.setAll(references, row -> row < count ? row + count : row - count);
        for (int i = 0; i < layers.size(); i++) {
            float[] h = Arrays.copyOf(stream[layers.get(i)], count * d);
            float[] both = Arrays.copyOf(translated(first, layers.get(i), h, count), 2 * count * d);
            float[] other = translated(second, layers.get(i), h, count);
            System.arraycopy(other, 0, both, count * d, count * d);
            Readouts read = readout.read(both, 2 * count, null, references, request);
            double[] entropy = read.column(Statistic.ENTROPY);
            double[] divergence = read.column(Statistic.KL_TO_LAST);
            int[][] top = read.topIds();
            for (int row = 0; row < count; row++) {
                int of = row + count;
                sums.agreement[i] += top[row][0] == top[of][0] ? 1 : 0;
                sums.divergence[i] += (divergence[row] + divergence[of]) / 2;
                sums.entropy[i] += entropy[row] - entropy[of];
                sums.absolute[i] += Math.abs(entropy[row] - entropy[of]);
            }
        }
    }

    private float[] translated(Lens lens, int layer, float[] h, int count) {
        Translator translator = lens.translators().get(layer);
        if (translator == null) {
            return h;
        }
        float[] out = new float[h.length];
        translator.apply(model.backend(), h, count, out);
        return out;
    }
}
