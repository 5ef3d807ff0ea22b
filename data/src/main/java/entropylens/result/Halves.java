package entropylens.result;

import entropylens.lens.StreamPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What the halves of each block do to the entropy, `[windows][layers]`: the mean over all texts.
/// Together they are the ΔH of the block.
///
/// @param attention entropy after attention, less that before the block
/// @param mlp entropy after the block, less that after attention
public record Halves(double[][] attention, double[][] mlp) {
    private static final List<StreamPoint> NEEDED =
            List.of(StreamPoint.RESID_PRE, StreamPoint.RESID_MID, StreamPoint.RESID_POST);

    /// Empty where the stream was not read before, between and after the halves.
    public static Optional<Halves> of(ProfileResult result, int windows) {
        if (!result.points().containsAll(NEEDED)) {
            return Optional.empty();
        }
        ProfileResult post = result.at(StreamPoint.RESID_POST);
        double[][] before = result.at(StreamPoint.RESID_PRE).meanWindows(windows);
        double[][] between = result.at(StreamPoint.RESID_MID).meanWindows(windows);
        // the embedding has no block
        double[][] after = from(1 - post.layerNumber(0), post.meanWindows(windows));
        return Optional.of(new Halves(less(between, before), less(after, between)));
    }

    private static double[][] from(int first, double[][] table) {
        double[][] rest = new double[table.length][];
        for (int w = 0; w < rest.length; w++) {
            rest[w] = Arrays.copyOfRange(table[w], first, table[w].length);
        }
        return rest;
    }

    private static double[][] less(double[][] table, double[][] other) {
        double[][] difference = new double[table.length][table[0].length];
        for (int w = 0; w < table.length; w++) {
            for (int l = 0; l < table[w].length; l++) {
                difference[w][l] = table[w][l] - other[w][l];
            }
        }
        return difference;
    }
}
