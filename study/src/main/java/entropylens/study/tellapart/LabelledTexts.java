package entropylens.study.tellapart;

import entropylens.data.StoredText;
import entropylens.study.classify.Cases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// The texts of one model with what was asked for in each.
///
/// @param texts in the order of their ids
/// @param cases class and group of each
/// @param wordings which wording of its class's request each has, from 0
record LabelledTexts(List<StoredText> texts, Cases cases, int[] wordings) {
    static LabelledTexts of(List<StoredText> texts, List<String> classes) {
        return new LabelledTexts(
                texts,
                Cases.of(
                        texts.stream().map(text -> Objects.toString(text.text().label())).toList(),
                        classes,
                        texts.stream()
                                .map(text -> Objects.toString(text.text().groupId()))
                                .toList()),
                wordings(texts));
    }

    private static int[] wordings(List<StoredText> texts) {
        Map<String, List<String>> ofLabel = new HashMap<>();
        return texts.stream()
                .map(StoredText::text)
                .mapToInt(row -> {
                    List<String> known =
                            ofLabel.computeIfAbsent(
                                    Objects.toString(row.label()), label -> new ArrayList<>());
                    String wording = Objects.toString(row.wording());
                    if (!known.contains(wording)) {
                        known.add(wording);
                    }
                    return known.indexOf(wording);
                })
                .toArray();
    }

    /// `[text][token][layer]` of a statistic.
    double[][][] values(String statistic) {
        return texts.stream().map(text -> text.statistic(statistic)).toArray(double[][][]::new);
    }

    /// One number for each text, as a feature.
    double[][] feature(ToIntFunction<StoredText> of) {
        return texts.stream()
                .map(text -> new double[] {of.applyAsInt(text)})
                .toArray(double[][]::new);
    }

    /// Tokens that the text ended with.
    static int generated(StoredText text) {
        return text.text().generatedIds().length;
    }

    static int prompted(StoredText text) {
        return text.text().promptIds().length;
    }

    /// Texts of a class, by number.
    int[] rowsOf(int label) {
        return IntStream.range(0, texts.size())
                .filter(row -> cases.labels()[row] == label)
                .toArray();
    }
}
