package entropylens.study.classify;

import java.util.HashMap;
import java.util.Map;

/// The means of the rows that share group and class, so that a group counts once in its class,
/// however many rows it has.
///
/// @param cases one row for each group and class
/// @param features `[row][feature]`
public record GroupMeans(Cases cases, double[][] features) {
    public static GroupMeans of(Cases cases, double[][] features) {
        int classes = cases.classes().size();
        Map<Long, Integer> numbers = new HashMap<>();
        int[] meanOf = new int[cases.rows()];
        for (int row = 0; row < meanOf.length; row++) {
            long key = (long) cases.groups()[row] * classes + cases.labels()[row];
            Integer known = numbers.putIfAbsent(key, numbers.size());
            meanOf[row] = known == null ? numbers.size() - 1 : known;
        }
        int[] labels = new int[numbers.size()];
        int[] groups = new int[numbers.size()];
        int[] sizes = new int[numbers.size()];
        for (int row = 0; row < meanOf.length; row++) {
            labels[meanOf[row]] = cases.labels()[row];
            groups[meanOf[row]] = cases.groups()[row];
            sizes[meanOf[row]]++;
        }
        double[][] means = new double[numbers.size()][features[0].length];
        for (int row = 0; row < meanOf.length; row++) {
            double[] mean = means[meanOf[row]];
            for (int j = 0; j < mean.length; j++) {
                mean[j] += features[row][j] / sizes[meanOf[row]];
            }
        }
        return new GroupMeans(new Cases(labels, cases.classes(), groups), means);
    }
}
