package entropylens.study.statistics;

import java.util.Arrays;

/// Brings profiles of models with different numbers of layers to one length.
///
/// A profile has a value after each block l = 1 .. L, which stands at relative depth `l / L`: from
/// `1 / L` to 1. Before `1 / L` it has none.
public final class RelativeDepth {
    /// `l / L` against a grid point that was meant to be the same: no extrapolation, but rounding.
    private static final double ROUNDING = 1e-12;

    private RelativeDepth() {}

    /// Evenly spaced depths that all of these models have values at: from `1 / fewest layers` to 1.
    ///
    /// @param layers number of layers of each model
    /// @param points at least 2
    public static double[] commonGrid(int[] layers, int points) {
        Require.atLeast(1, layers.length, "number of models");
        Require.atLeast(2, points, "points of the grid");
        int fewest = Arrays.stream(layers).min().getAsInt();
        Require.atLeast(2, fewest, "number of layers");
        double first = 1.0 / fewest;
        double[] grid = new double[points];
        for (int i = 0; i < points; i++) {
            grid[i] = first + (1 - first) * i / (points - 1);
        }
        return grid;
    }

    /// The profile at the depths of the grid, linear between layers.
    ///
    /// @throws IllegalArgumentException when the grid leaves `1 / L .. 1`: the profile says nothing
    ///   there; see [#commonGrid] and [#clamped]
    public static double[] interpolate(double[] profile, double[] grid) {
        Require.finite(profile, 1, "profile");
        Require.finite(grid, 1, "grid of relative depth");
        double first = 1.0 / profile.length;
        for (double depth : grid) {
            Require.that(
                    depth >= first - ROUNDING && depth <= 1 + ROUNDING,
                    "a profile of %d layers has values at depths %s .. 1, the grid asks for %s;"
                            + " start the grid deeper (commonGrid), or say that the first layer"
                            + " stands for what is above it (clamped)",
                    profile.length,
                    first,
                    depth);
        }
        return clamped(profile, grid);
    }

    /// The same, but before the first layer the profile keeps the first layer's value, and after
    /// depth 1 the last one's, as `numpy.interp` has it. What stands there was not measured.
    public static double[] clamped(double[] profile, double[] grid) {
        Require.finite(profile, 1, "profile");
        Require.finite(grid, 1, "grid of relative depth");
        return Arrays.stream(grid).map(depth -> at(profile, depth)).toArray();
    }

    private static double at(double[] profile, double depth) {
        double position = Math.clamp(depth * profile.length - 1, 0.0, profile.length - 1.0);
        int below = (int) position;
        double share = position - below;
        return share == 0
                ? profile[below]
                : profile[below] + share * (profile[below + 1] - profile[below]);
    }

    /// The profile followed by zeros: as published figures have it, with depth itself as a feature.
    ///
    /// @param length at least that of the profile
    public static double[] zeroPadded(double[] profile, int length) {
        Require.finite(profile, 1, "profile");
        Require.that(
                profile.length <= length,
                "a profile of %d layers does not fit into %d values",
                profile.length,
                length);
        return Arrays.copyOf(profile, length);
    }
}
