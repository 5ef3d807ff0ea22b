package entropylens.study.tellapart;

import entropylens.study.classify.Classifiers;
import java.util.ArrayList;
import java.util.List;

/// What texts are told apart by: their profiles, and what is known of them without any profile.
///
/// @param profile `[text][feature]`
/// @param parts of the profile, to say where it reads what it tells
/// @param controls the features that profiles must beat
/// @param allLayers entropies of all layers, as finely over the tokens as the study looks
/// @param lastLayer those of the last layer alone, as finely
record ClassFeatures(
        double[][] profile,
        List<Named> parts,
        List<Named> controls,
        double[][] allLayers,
        double[][] lastLayer) {
    static final String FIRST_ROW = "row 1 alone (last prompt token)";
    static final String OTHER_ROWS = "rows 2 … T (generated tokens)";
    static final String ALL_LAYERS = "all layers × tokens";
    static final String LAST_LAYER = "last layer × tokens";

    /// @param name in the report
    /// @param rows `[text][feature]`
    /// @param oneScale whether all features have the same unit: others are standardised
    record Named(String name, double[][] rows, boolean oneScale) {}

    /// @param lengthsName what the lengths are, in the report
    /// @param lengths of each text
    /// @param windows the means of a profile are over
    /// @param finest windows to look at all layers with
    /// @param tokens how many tokens of a text are read one by one, at most
    static ClassFeatures of(
            LabelledTexts texts,
            String lengthsName,
            double[][] lengths,
            int windows,
            int finest,
            int tokens) {
        double[][][] entropy = texts.values(ClassConclusion.ENTROPY);
        List<Named> controls =
                new ArrayList<>(known(lengthsName, lengths, entropy, windows, tokens));
        controls.add(new Named("last row alone", WindowFeatures.lastRow(entropy), true));
        controls.add(new Named("bag of generated tokens", TokenBags.generated(texts), true));
        controls.add(new Named("bag of last prompt tokens", TokenBags.prompted(texts), true));
        return of(
                entropy,
                windows,
                finest,
                List.of(
                        new Named(FIRST_ROW, WindowFeatures.firstRow(entropy), true),
                        new Named(OTHER_ROWS, WindowFeatures.otherRows(entropy), true)),
                controls);
    }

    /// The profiles of texts beside parts of them and controls.
    ///
    /// @param entropy `[text][token][layer]`
    static ClassFeatures of(
            double[][][] entropy,
            int windows,
            int finest,
            List<Named> parts,
            List<Named> controls) {
        return new ClassFeatures(
                WindowFeatures.ofAll(entropy, windows),
                List.copyOf(parts),
                List.copyOf(controls),
                WindowFeatures.ofAll(entropy, finest),
                WindowFeatures.ofLastLayer(entropy, finest));
    }

    /// What is known of any text without a profile: its lengths, and the last layer's entropy.
    static List<Named> known(
            String lengthsName, double[][] lengths, double[][][] entropy, int windows, int tokens) {
        double[][] lastMean = WindowFeatures.ofLastLayer(entropy, windows);
        return List.of(
                new Named(lengthsName, lengths, false),
                new Named("last-layer entropy, mean", lastMean, true),
                new Named(
                        "length and last-layer entropy",
                        Classifiers.joined(lengths, lastMean),
                        false),
                new Named(
                        "last-layer entropy, token by token",
                        WindowFeatures.lastLayerByToken(entropy, tokens),
                        true));
    }
}
