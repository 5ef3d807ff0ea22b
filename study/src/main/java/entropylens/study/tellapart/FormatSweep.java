package entropylens.study.tellapart;

import entropylens.study.classify.Classification;
import entropylens.study.classify.Classifiers;
import entropylens.study.classify.Reading;
import entropylens.study.classify.Scheme;
import entropylens.study.workbench.StudySettings;
import java.util.ArrayList;
import java.util.List;

/// Formats told apart by entropies of other orders, and in other numbers of windows, in the folds
/// of the verdict.
///
/// @param byOrder by the headline's reader, for each of [Formats#ORDERS]
/// @param byOrderLogistic likewise, by logistic regression
/// @param byWindows by the headline's reader, for each of [#WINDOWS], Shannon's entropy
/// @param byWindowsLogistic likewise
record FormatSweep(
        List<Reading> byOrder,
        List<Reading> byOrderLogistic,
        List<Reading> byWindows,
        List<Reading> byWindowsLogistic) {
    static final List<Integer> WINDOWS = List.of(1, 2, 4, 8);

    static FormatSweep of(LabelledTexts texts, StudySettings settings) {
        ClassPlan plan = Formats.plan(settings);
        Classification classification = ClassReadings.classification(texts, settings);
        Scheme scheme = ClassReadings.scheme(texts, plan, settings);
        Classifiers.Reader headline = plan.headline();
        List<Reading> orders = new ArrayList<>();
        List<Reading> ordersLogistic = new ArrayList<>();
        for (double order : Formats.ORDERS) {
            String name = "α = " + shown(order);
            double[][] rows =
                    WindowFeatures.ofAll(texts.values(Formats.column(order)), Formats.WINDOWS);
            orders.add(classification.read(name, rows, headline, scheme));
            ordersLogistic.add(classification.read(name, rows, Classifiers.logistic(), scheme));
        }
        List<Reading> windows = new ArrayList<>();
        List<Reading> windowsLogistic = new ArrayList<>();
        for (int count : WINDOWS) {
            String name = "w = " + count;
            double[][] rows = WindowFeatures.ofAll(texts.values("entropy"), count);
            windows.add(classification.read(name, rows, headline, scheme));
            windowsLogistic.add(classification.read(name, rows, Classifiers.logistic(), scheme));
        }
        return new FormatSweep(orders, ordersLogistic, windows, windowsLogistic);
    }

    static String shown(double order) {
        return Double.isInfinite(order) ? "∞" : order == 0.5 ? "½" : String.valueOf((int) order);
    }
}
