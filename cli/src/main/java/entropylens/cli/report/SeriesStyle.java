package entropylens.cli.report;

import entropylens.study.report.Chart;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How a series is told apart from the others, in light colours: as palette.js has it for the page.
///
/// @param colour of the group, lighter or darker from member to member
/// @param member number of the series among the members (or the controls) of its group
/// @param control whether it is one
record SeriesStyle(Color colour, int member, boolean control) {
    private static final int[] COLOURS = {
        0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x555555, 0x9A8C00
    };

    /// Positive: towards white; negative: towards black.
    private static final double[] SHADES = {0, -0.35, 0.38, -0.6, 0.6};

    private static final float[][] MEMBER_DASHES = {
        {}, {12, 3}, {12, 3, 2, 3}, {12, 3, 2, 3, 2, 3}
    };
    private static final float[] CONTROL_DASH = {4, 4};

    /// One style per series of the chart.
    static List<SeriesStyle> of(Chart chart) {
        Map<String, Integer> groups = new HashMap<>();
        Map<String, Integer> members = new HashMap<>();
        List<SeriesStyle> styles = new ArrayList<>();
        for (Chart.Series series : chart.series()) {
            int group = groups.computeIfAbsent(series.group(), name -> groups.size());
            int member =
                    members.merge(series.control() + " " + series.group(), 1, Integer::sum) - 1;
            Color base = new Color(COLOURS[group % COLOURS.length]);
            styles.add(
                    new SeriesStyle(
                            shade(base, SHADES[member % SHADES.length]), member, series.control()));
        }
        return styles;
    }

    BasicStroke stroke() {
        float[] dash = control ? CONTROL_DASH : MEMBER_DASHES[member % MEMBER_DASHES.length];
        return new BasicStroke(
                control ? 1.5f : 2.25f,
                BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_ROUND,
                10,
                dash.length == 0 ? null : dash,
                0);
    }

    /// Controls are pale.
    Color line() {
        return control ? shade(colour, 0.3) : colour;
    }

    Color fill(double opacity) {
        return new Color(
                colour.getRed(),
                colour.getGreen(),
                colour.getBlue(),
                (int) Math.round(255 * opacity));
    }

    private static Color shade(Color colour, double amount) {
        return mixed(colour, amount > 0 ? Color.WHITE : Drawing.INK, Math.abs(amount));
    }

    static Color mixed(Color from, Color to, double share) {
        return new Color(
                channel(from.getRed(), to.getRed(), share),
                channel(from.getGreen(), to.getGreen(), share),
                channel(from.getBlue(), to.getBlue(), share));
    }

    private static int channel(int from, int to, double share) {
        return (int) Math.round(from + (to - from) * share);
    }
}
