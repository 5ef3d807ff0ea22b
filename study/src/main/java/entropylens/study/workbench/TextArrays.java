package entropylens.study.workbench;

import entropylens.data.StoredText;
import java.util.Arrays;
import java.util.List;

/// What was measured on several texts of one model, as `[text][token][layer]`, and means of it.
public record TextArrays(double[][][] values) {
    /// One statistic of texts that were read with it.
    public static TextArrays of(List<StoredText> texts, String statistic) {
        return new TextArrays(
                texts.stream().map(text -> text.statistic(statistic)).toArray(double[][][]::new));
    }

    /// How many there are.
    public int texts() {
        return values.length;
    }

    /// How many values a token has.
    public int layers() {
        return values[0][0].length;
    }

    /// The change from the layer before: `[text][token][layer - 1]`.
    public TextArrays changes() {
        double[][][] changes = new double[values.length][][];
        for (int text = 0; text < values.length; text++) {
            changes[text] =
                    Arrays.stream(values[text]).map(TextArrays::change).toArray(double[][]::new);
        }
        return new TextArrays(changes);
    }

    private static double[] change(double[] row) {
        double[] change = new double[row.length - 1];
        Arrays.setAll(change, l -> row[l + 1] - row[l]);
        return change;
    }

    /// The mean over the tokens of each text: `[text][layer]`.
    public double[][] meansOfTexts() {
        double[][] means = new double[values.length][layers()];
        for (int text = 0; text < values.length; text++) {
            for (double[] token : values[text]) {
                for (int l = 0; l < token.length; l++) {
                    means[text][l] += token[l] / values[text].length;
                }
            }
        }
        return means;
    }

    /// The mean of rows `[text][layer]` over some texts, by layer.
    public static double[] mean(double[][] rows, int[] chosen) {
        double[] mean = new double[rows[0].length];
        for (int row : chosen) {
            for (int l = 0; l < mean.length; l++) {
                mean[l] += rows[row][l] / chosen.length;
            }
        }
        return mean;
    }

    /// All values of one layer of some texts, token after token.
    public double[] layer(int layer, int[] chosen) {
        return Arrays.stream(chosen)
                .mapToObj(text -> values[text])
                .flatMap(Arrays::stream)
                .mapToDouble(token -> token[layer])
                .toArray();
    }

    /// All values of some texts, token after token, layer after layer.
    public double[] all(int[] chosen) {
        return Arrays.stream(chosen)
                .mapToObj(text -> values[text])
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }
}
