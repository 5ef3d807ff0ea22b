package entropylens.study;

import entropylens.data.AnswerRow;
import entropylens.data.StoredText;
import entropylens.study.statistics.LabelledData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// The questions that a model answered, as rows to classify.
///
/// @param profiles `[question][layer]`: mean entropy over the tokens generated, nats
/// @param margins largest logit of a letter less the second largest
/// @param right whether the letter of the largest logit is the answer
/// @param groups number of the text or fact that each question is about
record CorrectnessData(double[][] profiles, double[] margins, boolean[] right, int[] groups) {
    static CorrectnessData of(List<AnswerRow> answers, List<StoredText> texts) {
        Map<String, AnswerRow> byId = new HashMap<>();
        answers.forEach(answer -> byId.put(answer.questionId(), answer));
        int n = texts.size();
        double[] margins = new double[n];
        boolean[] right = new boolean[n];
        int[] groups = new int[n];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            AnswerRow answer = Objects.requireNonNull(byId.get(texts.get(i).text().textId()));
            double[] sorted = Arrays.stream(answer.logits()).sorted().toArray();
            margins[i] = sorted[sorted.length - 1] - sorted[sorted.length - 2];
            right[i] = answer.correct();
            String group = String.valueOf(texts.get(i).text().groupId());
            if (!names.contains(group)) {
                names.add(group);
            }
            groups[i] = names.indexOf(group);
        }
        return new CorrectnessData(
                TextArrays.of(texts, "entropy").meansOfTexts(), margins, right, groups);
    }

    int questions() {
        return right.length;
    }

    int rights() {
        return (int) IntStream.range(0, right.length).filter(i -> right[i]).count();
    }

    /// Members of the smaller class.
    int fewer() {
        return Math.min(rights(), questions() - rights());
    }

    int[] labels() {
        return IntStream.range(0, right.length).map(i -> right[i] ? 1 : 0).toArray();
    }

    /// Mean entropy of the last layer, the other way round: higher where the model is surer.
    double[] sureness() {
        return Arrays.stream(profiles).mapToDouble(row -> -row[row.length - 1]).toArray();
    }

    LabelledData ofProfiles() {
        return new LabelledData(profiles, labels(), 2, groups);
    }

    /// The profile and the margin beside it.
    LabelledData ofProfilesAndMargins() {
        double[][] features = new double[questions()][];
        for (int i = 0; i < features.length; i++) {
            features[i] = Arrays.copyOf(profiles[i], profiles[i].length + 1);
            features[i][profiles[i].length] = margins[i];
        }
        return new LabelledData(features, labels(), 2, groups);
    }

    /// The profiles of right answers, or of wrong ones.
    double[][] profiles(boolean ofRight) {
        return IntStream.range(0, right.length)
                .filter(i -> right[i] == ofRight)
                .mapToObj(i -> profiles[i])
                .toArray(double[][]::new);
    }
}
