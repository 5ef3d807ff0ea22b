package entropylens.study.workbench;

import java.util.OptionalDouble;

/// What a flaw of the published code does to a figure of a study on a model.
///
/// @param figure what is measured
/// @param with the flaw; empty where these texts do not tell
/// @param without it; empty likewise
public record FlawFigure(
        Flaw flaw,
        String study,
        String model,
        String figure,
        OptionalDouble with,
        OptionalDouble without) {

    /// The figure of texts that were generated one way: the other way takes another run.
    ///
    /// @param on whether the flaw is in them
    public static FlawFigure oneWay(
            Flaw flaw, String study, String model, String figure, boolean on, double value) {
        OptionalDouble there = OptionalDouble.of(value);
        return new FlawFigure(
                flaw,
                study,
                model,
                figure,
                on ? there : OptionalDouble.empty(),
                on ? OptionalDouble.empty() : there);
    }

    /// The figure both ways, from the same texts.
    public static FlawFigure bothWays(
            Flaw flaw, String study, String model, String figure, double with, double without) {
        return new FlawFigure(
                flaw, study, model, figure, OptionalDouble.of(with), OptionalDouble.of(without));
    }
}
