package entropylens.study.workbench;

import java.util.Optional;

/// What a flaw of the published code does to a figure of a study on a model.
///
/// @param figure what is measured
/// @param with the flaw, a Double or an Integer; empty where these texts do not tell
/// @param without it; empty likewise
public record FlawFigure(
        Flaw flaw,
        String study,
        String model,
        String figure,
        Optional<Number> with,
        Optional<Number> without) {

    /// The figure of texts that were generated one way: the other way takes another run.
    ///
    /// @param on whether the flaw is in them
    public static FlawFigure oneWay(
            Flaw flaw, String study, String model, String figure, boolean on, Number value) {
        Optional<Number> there = Optional.of(value);
        return new FlawFigure(
                flaw,
                study,
                model,
                figure,
                on ? there : Optional.empty(),
                on ? Optional.empty() : there);
    }

    /// The figure both ways, from the same texts.
    public static FlawFigure bothWays(
            Flaw flaw, String study, String model, String figure, Number with, Number without) {
        return new FlawFigure(flaw, study, model, figure, Optional.of(with), Optional.of(without));
    }
}
