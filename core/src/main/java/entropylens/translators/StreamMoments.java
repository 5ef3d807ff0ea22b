package entropylens.translators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Sums the stream of texts up, layer by layer, beside the last layer's.
final class StreamMoments implements StreamRows.Sink {
    private final int dModel;
    private final List<Moments> moments = new ArrayList<>();
    private double[] own = {};
    private double[] last = {};
    private long rows;

    /// @param moments by layer, from the embedding to the last but one
    StreamMoments(int dModel, List<Moments> moments) {
        this.dModel = dModel;
        this.moments.addAll(moments);
    }

    /// Rows that were summed.
    long rows() {
        return rows;
    }

    @Override
    public void add(float[][] layers, int count) {
        last = widened(layers[moments.size()], count * dModel, last);
        for (int layer = 0; layer < moments.size(); layer++) {
            own = widened(layers[layer], count * dModel, own);
            moments.get(layer).add(own, last, count);
        }
        rows += count;
    }

    private static double[] widened(float[] values, int count, double[] into) {
        double[] to = into.length < count ? new double[count] : into;
        Arrays.setAll(to, i -> i < count ? values[i] : 0);
        return to;
    }
}
