package entropylens.cli;

import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import entropylens.lens.TextProfile;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The profile as CSV (RFC 4180): one line per sample, token and layer, with every statistic.
final class ProfileCsv {
    private ProfileCsv() {}

    static void print(ProfileResult result, PrintWriter out) {
        ReadoutRequest asked = result.request().readout();
        out.print(String.join(",", header(asked)) + "\r\n");
        for (int sample = 0; sample < result.texts().size(); sample++) {
            TextProfile one = result.texts().get(sample);
            double[][] entropy = result.profile(one).entropy();
            for (int row = 0; row < one.rows(); row++) {
                for (int layer = 0; layer < one.layers(); layer++) {
                    List<Object> cells = new ArrayList<>();
                    cells.add(sample + 1);
                    cells.add(row + 1);
                    cells.add(row * result.windows() / one.rows() + 1);
                    cells.add(one.firstPosition() + row);
                    cells.add(empty(ProfileResult.next(one, row)));
                    cells.add(result.layerNumber(layer));
                    cells.add((float) result.depth(layer));
                    cells.add((float) entropy[row][layer]);
                    statistics(cells, asked, one, row, layer);
                    out.print(String.join(",", cells.stream().map(String::valueOf).toList()));
                    out.print("\r\n");
                }
            }
        }
    }

    private static List<String> header(ReadoutRequest asked) {
        List<String> names = new ArrayList<>();
        names.addAll(
                List.of(
                        "sample",
                        "token",
                        "window",
                        "position",
                        "next_id",
                        "layer",
                        "depth",
                        "entropy"));
        asked.alphas().forEach(alpha -> names.add("renyi_" + Names.order(alpha)));
        if (!asked.topPs().isEmpty()) {
            names.add("top_p_set_size");
        }
        names.add("logit_std");
        names.add("h_norm");
        if (asked.divergence()) {
            names.add("kl_to_last");
        }
        if (asked.target()) {
            names.add("next_probability");
            names.add("next_rank");
        }
        for (int k = 1; k <= asked.topK(); k++) {
            names.add("top_" + k + "_id");
            names.add("top_" + k + "_probability");
        }
        return names;
    }

    private static void statistics(
            List<Object> cells, ReadoutRequest asked, TextProfile one, int row, int layer) {
        Readouts readouts = one.readouts();
        int at = row * one.layers() + layer;
        for (double[] renyi : readouts.renyi()) {
            cells.add((float) renyi[at]);
        }
        for (int[] size : readouts.topPSize()) {
            cells.add(size[at]);
        }
        cells.add((float) readouts.logitStd()[at]);
        cells.add((float) readouts.norm()[at]);
        if (asked.divergence()) {
            cells.add((float) readouts.divergence()[at]);
        }
        if (asked.target()) {
            boolean follows = ProfileResult.next(one, row).isPresent();
            cells.add(follows ? (float) readouts.targetProbability()[at] : "");
            cells.add(follows ? readouts.targetRank()[at] : "");
        }
        for (int k = 0; k < asked.topK(); k++) {
            cells.add(readouts.topIds()[at][k]);
            cells.add(readouts.topProbabilities()[at][k]);
        }
    }

    private static Object empty(OptionalInt id) {
        return id.isPresent() ? id.getAsInt() : "";
    }
}
