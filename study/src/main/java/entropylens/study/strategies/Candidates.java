package entropylens.study.strategies;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The smallest set of tokens whose probability reaches p, and the entropy of the distribution that
/// they are of.
///
/// @param ids most probable first; of equally probable ones, the smaller id first
/// @param entropy in nats
record Candidates(int[] ids, double entropy) {
    /// @param logits of the whole vocabulary
    static Candidates of(float[] logits, double p) {
        double[] probabilities = softmax(logits);
        int[] order =
                IntStream.range(0, logits.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(id -> -probabilities[id]))
                        .mapToInt(id -> id)
                        .toArray();
        int size = 0;
        double reached = 0;
        while (reached < p && size < order.length) {
            reached += probabilities[order[size++]];
        }
        return new Candidates(Arrays.copyOf(order, size), entropy(probabilities));
    }

    private static double[] softmax(float[] logits) {
        double highest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            highest = Math.max(highest, logit);
        }
        double[] probabilities = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = Math.exp(logits[i] - highest);
            sum += probabilities[i];
        }
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    private static double entropy(double[] probabilities) {
        double entropy = 0;
        for (double p : probabilities) {
            entropy -= p > 0 ? p * Math.log(p) : 0;
        }
        return entropy;
    }

    /// Those that the other set does not have, in this one's order.
    int[] without(Candidates other) {
        Set<Integer> theirs = Arrays.stream(other.ids).boxed().collect(Collectors.toSet());
        return Arrays.stream(ids).filter(id -> !theirs.contains(id)).toArray();
    }
}
