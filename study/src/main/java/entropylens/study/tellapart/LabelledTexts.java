package entropylens.study.tellapart;

import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.study.classify.Cases;
import entropylens.study.workbench.TextArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
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

    /// The same, each text cut behind its first end token.
    LabelledTexts ended(Set<Integer> stopIds) {
        return new LabelledTexts(
                texts.stream().map(text -> ended(text, stopIds)).toList(), cases, wordings);
    }

    private static StoredText ended(StoredText text, Set<Integer> stopIds) {
        TextRow row = text.text();
        int tokens = 0;
        while (tokens < row.generatedIds().length
                && (tokens == 0 || !stopIds.contains(row.generatedIds()[tokens - 1]))) {
            tokens++;
        }
        int kept = tokens;
        Map<String, double[][]> statistics = new HashMap<>(text.statistics());
        statistics.replaceAll((_, rows) -> Arrays.copyOf(rows, kept));
        return new StoredText(
                new TextRow(
                        row.study(),
                        row.model(),
                        row.textId(),
                        row.groupId(),
                        row.label(),
                        row.variant(),
                        row.wording(),
                        row.prompt(),
                        row.promptIds(),
                        Arrays.copyOf(row.generatedIds(), kept),
                        row.generatedText(),
                        row.seed(),
                        row.written()),
                text.firstPosition(),
                text.firstLayer(),
                statistics);
    }

    /// How many texts have an end token.
    int withEnd(Set<Integer> stopIds) {
        return (int)
                texts.stream()
                        .filter(text ->
                                IntStream.of(text.text().generatedIds())
                                        .anyMatch(stopIds::contains))
                        .count();
    }

    /// Means `[group][feature]` of rows `[text][feature]`, over the texts of a class that share a
    /// group.
    double[][] meansOfGroups(double[][] rows, int label) {
        Map<Integer, List<Integer>> rowsOf = new TreeMap<>();
        for (int row : rowsOf(label)) {
            rowsOf.computeIfAbsent(cases.groups()[row], _ -> new ArrayList<>()).add(row);
        }
        return rowsOf.values().stream()
                .map(some -> some.stream().mapToInt(Integer::intValue).toArray())
                .map(some -> TextArrays.mean(rows, some))
                .toArray(double[][]::new);
    }

    /// The share of the largest class.
    double mostFrequent() {
        return IntStream.range(0, cases.classes().size())
                .mapToDouble(label -> rowsOf(label).length / (double) texts.size())
                .max()
                .orElseThrow();
    }

    /// Texts of a class, by number.
    int[] rowsOf(int label) {
        return IntStream.range(0, texts.size())
                .filter(row -> cases.labels()[row] == label)
                .toArray();
    }
}
