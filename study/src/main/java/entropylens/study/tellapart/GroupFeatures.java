package entropylens.study.tellapart;

import entropylens.batch.BatchSettings.Measured;
import java.util.ArrayList;
import java.util.List;

/// What a user's labels are told apart by: the profiles of their prompts, and what is known of
/// these without any.
final class GroupFeatures {
    static final String LAST_PROMPT_TOKEN = "last prompt token alone";

    /// Windows to look at all layers with.
    private static final int FINEST = 8;

    /// Of a text, read one by one.
    private static final int MAX_TOKENS = 64;

    private GroupFeatures() {}

    static ClassFeatures of(LabelledTexts texts, Measured measured) {
        double[][][] entropy = texts.values(ClassConclusion.ENTROPY);
        boolean ofPrompt = measured == Measured.PROMPT;
        List<ClassFeatures.Named> controls =
                new ArrayList<>(
                        ClassFeatures.known(
                                lengthsName(measured),
                                lengths(texts, measured),
                                entropy,
                                1,
                                MAX_TOKENS));
        double[][] lastOfPrompt =
                ofPrompt ? WindowFeatures.lastRow(entropy) : WindowFeatures.firstRow(entropy);
        controls.add(new ClassFeatures.Named(LAST_PROMPT_TOKEN, lastOfPrompt, true));
        if (!ofPrompt) {
            controls.add(
                    new ClassFeatures.Named(
                            "last row alone", WindowFeatures.lastRow(entropy), true));
            controls.add(
                    new ClassFeatures.Named(
                            measured == Measured.ANSWER
                                    ? "bag of answer tokens"
                                    : "bag of generated tokens",
                            TokenBags.generated(texts),
                            true));
        }
        controls.add(
                new ClassFeatures.Named(
                        "bag of prompt tokens", TokenBags.wholePrompts(texts), true));
        List<ClassFeatures.Named> parts =
                ofPrompt
                        ? List.of()
                        : List.of(
                                new ClassFeatures.Named(
                                        "rows behind the last prompt token",
                                        WindowFeatures.otherRows(entropy),
                                        true));
        return ClassFeatures.of(entropy, 1, FINEST, parts, controls);
    }

    static String lengthsName(Measured measured) {
        return switch (measured) {
            case PROMPT -> "prompt length";
            case ANSWER -> "lengths of prompt and answer";
            case GENERATED -> "lengths of prompt and text";
        };
    }

    private static double[][] lengths(LabelledTexts texts, Measured measured) {
        return measured == Measured.PROMPT
                ? texts.feature(LabelledTexts::prompted)
                : texts.texts().stream()
                        .map(text ->
                                new double[] {
                                    LabelledTexts.prompted(text), LabelledTexts.generated(text)
                                })
                        .toArray(double[][]::new);
    }
}
