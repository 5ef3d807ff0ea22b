package entropylens.study.tellapart;

import entropylens.study.classify.Readers;
import java.util.List;

/// What texts are told apart by: their profiles, and what is known of them without any profile.
///
/// @param profile `[text][feature]`
/// @param trivial the features that profiles must beat
record ClassFeatures(double[][] profile, List<Trivial> trivial) {
    static final String BOTH = "both of these";

    /// @param name in the report
    /// @param rows `[text][feature]`
    record Trivial(String name, double[][] rows) {}

    /// Lengths, the entropy of the last layer, and both together.
    static ClassFeatures of(
            double[][] profile, String lengthsName, double[][] lengths, double[][] lastLayer) {
        return new ClassFeatures(
                profile,
                List.of(
                        new Trivial(lengthsName, lengths),
                        new Trivial("last-layer entropy alone", lastLayer),
                        new Trivial(BOTH, Readers.joined(lengths, lastLayer))));
    }
}
