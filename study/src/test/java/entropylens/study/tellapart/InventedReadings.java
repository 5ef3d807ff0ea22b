package entropylens.study.tellapart;

import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Readings of two classes whose figures are invented, so that charts and tables can be told by
/// hand. Of five texts, three are red, one of which is taken for blue; the two blue ones are not.
final class InventedReadings {
    static final ClassPlan PLAN =
            new ClassPlan(
                    "colours",
                    List.of("red", "blue"),
                    "colours",
                    "stories",
                    "story",
                    List.of(5),
                    false,
                    "");

    private static final String NESTED = "k-NN, k = 5";
    private static final int[] LABELS = {0, 0, 0, 1, 1};
    private static final double[][] PROBABILITIES = {
        {0.9, 0.1}, {0.8, 0.2}, {0.3, 0.7}, {0.4, 0.6}, {0.2, 0.8}
    };

    /// Of comparisons that were read in one place only.
    static final Contrast.Elsewhere NOWHERE =
            new Contrast.Elsewhere(Optional.empty(), new double[0]);

    private InventedReadings() {}

    static Subject.About model(String name) {
        return new Subject.About(name, "llama", 2, 100, OptionalLong.empty());
    }

    /// The interval is a tenth to either side; the accuracy is half the AUC.
    static Reading reading(String features, String reader, String folds, double auc) {
        double[] foldAucs = {auc - 0.25, auc};
        return new Reading(
                features,
                reader,
                folds,
                new Interval(auc, auc - 0.1, auc + 0.1, 0.95),
                new Interval(auc / 2, auc / 2 - 0.1, auc / 2 + 0.1, 0.95),
                foldAucs,
                LABELS,
                PROBABILITIES,
                1.0 / 9,
                Optional.empty());
    }

    /// @param shift of every AUC
    static ClassReadings of(Subject.About about, double shift, boolean withTwin) {
        Reading headline = reading(ClassPlan.PROFILE, NESTED, PLAN.grouped(), 0.75 + shift);
        Reading other = reading(ClassPlan.PROFILE, NESTED, PLAN.ungrouped(), 0.875 + shift);
        Reading length = reading("length alone", NESTED, PLAN.grouped(), 0.5 + shift);
        Reading guessing = reading("nothing", "stratified dummy", PLAN.grouped(), 0.375 + shift);
        Reading twin = reading(ClassReadings.TWIN, NESTED, PLAN.grouped(), 0.25 + shift);
        List<Reading> all =
                new ArrayList<>(
                        List.of(
                                reading(ClassPlan.PROFILE, "k-NN, k = 3", PLAN.grouped(), 0.625),
                                headline,
                                reading(
                                        ClassPlan.PROFILE,
                                        "logistic regression",
                                        PLAN.grouped(),
                                        0.6875 + shift),
                                other,
                                length));
        if (withTwin) {
            all.add(twin);
        }
        all.add(guessing);
        return new ClassReadings(
                about,
                texts(),
                headline,
                Optional.empty(),
                Optional.of(other),
                withTwin ? Optional.of(twin) : Optional.empty(),
                all,
                List.of(comparison(headline, length)),
                NOWHERE,
                List.of(comparison(headline, guessing)),
                List.of(),
                NOWHERE,
                new double[] {0.7, 0.8});
    }

    private static Comparison comparison(Reading first, Reading second) {
        double difference = first.auc().estimate() - second.auc().estimate();
        return new Comparison(
                first, second, new Interval(difference, -1, 1, 0.95), 0.01, 0.02, 0.03);
    }

    /// Entropies of one token in two layers. The first two red texts are of one story.
    private static LabelledTexts texts() {
        return LabelledTexts.of(
                List.of(
                        text(0, "red", "a", 1, 2),
                        text(1, "red", "a", 3, 4),
                        text(2, "red", "b", 6, 5),
                        text(3, "blue", "a", 1, 1),
                        text(4, "blue", "b", 2, 0)),
                PLAN.classes());
    }

    static StoredText text(int number, String label, String group, double... entropy) {
        TextRow row =
                new TextRow(
                        PLAN.study(),
                        "made up",
                        StudyPrompt.id(number),
                        group,
                        label,
                        null,
                        "wording",
                        null,
                        new int[] {1, 2, 3},
                        new int[] {4},
                        null,
                        null);
        return new StoredText(row, 0, 1, Map.of("entropy", new double[][] {entropy}));
    }
}
