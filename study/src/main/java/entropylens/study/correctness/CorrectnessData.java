package entropylens.study.correctness;

import entropylens.data.AnswerRow;
import entropylens.data.StoredText;
import entropylens.study.classify.Cases;
import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Resampling;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.TextArrays;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// The questions that a model answered, as rows to classify.
///
/// @param profiles `[question][layer]`: mean entropy over the tokens generated, nats
/// @param margins `[question][1]`: largest logit of a letter less the second largest
/// @param cases 1 where the letter of the largest logit is the answer, else 0; the group is the
///   text or fact that a question is about
record CorrectnessData(double[][] profiles, double[][] margins, Cases cases) {
    static CorrectnessData of(List<AnswerRow> answers, List<StoredText> texts) {
        Map<String, AnswerRow> byId = new HashMap<>();
        answers.forEach(answer -> byId.put(answer.questionId(), answer));
        List<AnswerRow> inOrder =
                texts.stream()
                        .map(text -> Objects.requireNonNull(byId.get(text.text().textId())))
                        .toList();
        return new CorrectnessData(
                TextArrays.of(texts, "entropy").meansOfTexts(),
                inOrder.stream()
                        .map(answer -> new double[] {margin(answer.logits())})
                        .toArray(double[][]::new),
                Cases.of(
                        inOrder.stream().mapToInt(answer -> answer.correct() ? 1 : 0).toArray(),
                        List.of("wrong", "right"),
                        texts.stream()
                                .map(text -> Objects.toString(text.text().groupId()))
                                .toList()));
    }

    private static double margin(double[] logits) {
        double[] sorted = Arrays.stream(logits).sorted().toArray();
        return sorted[sorted.length - 1] - sorted[sorted.length - 2];
    }

    int questions() {
        return cases.rows();
    }

    int rights() {
        return IntStream.of(cases.labels()).sum();
    }

    /// Texts and facts that the questions are about: questions on one are not independent.
    int groups() {
        return (int) Arrays.stream(cases.groups()).distinct().count();
    }

    /// The share of right answers, with its interval over texts and facts.
    Interval accuracy(StudySettings settings) {
        return Bootstrap.interval(
                questions(),
                Resampling.ofGroups(cases.groups()),
                chosen -> Arrays.stream(chosen).map(row -> cases.labels()[row]).average().orElse(0),
                settings.draws(),
                settings.seed(),
                Intervals.LEVEL);
    }

    /// Members of the smaller class.
    int fewer() {
        return Math.min(rights(), questions() - rights());
    }

    /// Entropy of the last layer with its sign turned: larger where the model is surer.
    double[][] sureness() {
        return Arrays.stream(profiles)
                .map(row -> new double[] {-row[row.length - 1]})
                .toArray(double[][]::new);
    }

    /// The profiles of right answers, or of wrong ones.
    double[][] profiles(boolean ofRight) {
        return IntStream.range(0, profiles.length)
                .filter(row -> cases.labels()[row] == (ofRight ? 1 : 0))
                .mapToObj(row -> profiles[row])
                .toArray(double[][]::new);
    }
}
