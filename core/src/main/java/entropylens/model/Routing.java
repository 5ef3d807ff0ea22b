package entropylens.model;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// How the logits of a router choose experts for a row, and what each one's result is multiplied
/// by, or what it reads.
public sealed interface Routing {
    /// Experts chosen for a row.
    int chosen();

    /// Whether a share multiplies what its expert reads, in place of what it gives.
    default boolean ofInputs() {
        return false;
    }

    /// Chooses for one row.
    ///
    /// @param logits of all experts, at `[offset, offset + experts)`
    /// @param experts receives [#chosen()] indices, ascending
    /// @param shares receives what each of them is multiplied by
    void choose(float[] logits, int offset, int count, int[] experts, float[] shares);

    /// Softmax over all experts, of which the k most probable are taken (Mixtral, Qwen, OLMoE).
    ///
    /// @param renormalised whether their probabilities are made to sum to 1
    record OfAll(int chosen, boolean renormalised) implements Routing {
        @Override
        public void choose(float[] logits, int offset, int count, int[] experts, float[] shares) {
            largest(logits, offset, count, experts);
            double max = max(logits, offset, experts);
            double all = 0;
            for (int e = 0; e < count; e++) {
                all += Math.exp(logits[offset + e] - max);
            }
            share(logits, offset, max, renormalised ? Double.NaN : all, experts, shares);
        }
    }

    /// Another routing, whose shares are multiplied by a factor of each expert (Gemma 4).
    record Scaled(Routing routing, float[] factors) implements Routing {
        @Override
        public int chosen() {
            return routing.chosen();
        }

        @Override
        public boolean ofInputs() {
            return routing.ofInputs();
        }

        @Override
        public void choose(float[] logits, int offset, int count, int[] experts, float[] shares) {
            routing.choose(logits, offset, count, experts, shares);
            for (int i = 0; i < experts.length; i++) {
                shares[i] *= factors[experts[i]];
            }
        }
    }

    /// The k largest logits, and softmax among these (Granite).
    record OfChosen(int chosen) implements Routing {
        @Override
        public void choose(float[] logits, int offset, int count, int[] experts, float[] shares) {
            largest(logits, offset, count, experts);
            double max = max(logits, offset, experts);
            share(logits, offset, max, Double.NaN, experts, shares);
        }
    }

    /// The k largest logits, each with its own sigmoid, which multiplies what the expert reads
    /// (Llama 4; `Llama4Router` and `Llama4TextMoe` in transformers). The choice is by logits:
    /// large ones have the same sigmoid in float32.
    record Sigmoids(int chosen) implements Routing {
        @Override
        public boolean ofInputs() {
            return true;
        }

        @Override
        public void choose(float[] logits, int offset, int count, int[] experts, float[] shares) {
            largest(logits, offset, count, experts);
            for (int i = 0; i < experts.length; i++) {
                shares[i] = (float) (1 / (1 + Math.exp(-(double) logits[offset + experts[i]])));
            }
        }
    }

    /// Two experts, each with the probability that it has among those that come near it: of the
    /// first, experts that fall behind by no more than `2 · jitter` of the larger of the two
    /// magnitudes; of the second, the same without the first (Phi-3.5-MoE; SparseMixer, Liu et al.
    /// 2023, arXiv 2310.00811, as transformers' `sparsemixer` evaluates it).
    record SparseMixer(double jitter) implements Routing {
        @Override
        public int chosen() {
            return 2;
        }

        @Override
        public void choose(float[] logits, int offset, int count, int[] experts, float[] shares) {
            int first = largestBut(-1, logits, offset, count);
            int second = largestBut(first, logits, offset, count);
            boolean ascending = first < second;
            experts[ascending ? 0 : 1] = first;
            experts[ascending ? 1 : 0] = second;
            shares[ascending ? 0 : 1] = near(first, -1, logits, offset, count);
            shares[ascending ? 1 : 0] = near(second, first, logits, offset, count);
        }

        private static int largestBut(int without, float[] logits, int offset, int count) {
            int best = -1;
            for (int e = 0; e < count; e++) {
                if (e != without && (best < 0 || logits[offset + e] > logits[offset + best])) {
                    best = e;
                }
            }
            return best;
        }

        private float near(int expert, int without, float[] logits, int offset, int count) {
            float max = logits[offset + expert];
            double sum = 0;
            for (int e = 0; e < count; e++) {
                float logit = logits[offset + e];
                float magnitude = Math.max(Math.abs(logit), max);
                if (e != without && !((max - logit) / magnitude > (float) (2 * jitter))) {
                    sum += Math.exp(logit - max);
                }
            }
            return (float) (1 / sum);
        }
    }

    /// The largest scores, after a correction and among the best groups of experts. Shares are the
    /// scores themselves, without the correction (DeepSeek, Liu et al. 2024, arXiv 2412.19437; GLM,
    /// dots, Ernie).
    ///
    /// @param correction what is added to each score for the choice alone; null for nothing
    /// @param groups of neighbouring experts, of which some are kept; null for one
    /// @param leastSum where shares are made to sum to `scale`: what they are divided by where
    ///   their sum is less; empty where they stay as they are
    /// @param addedToSum what is added to that sum before it divides (LFM2)
    /// @param scale multiplies the shares
    record Scored(
            int chosen,
            Score score,
            float @Nullable [] correction,
            @Nullable Groups groups,
            OptionalDouble leastSum,
            double addedToSum,
            double scale)
            implements Routing {
        /// Whose shares are divided by their sum and no more.
        public Scored(
                int chosen,
                Score score,
                float @Nullable [] correction,
                @Nullable Groups groups,
                OptionalDouble leastSum,
                double scale) {
            this(chosen, score, correction, groups, leastSum, 0, scale);
        }

        @Override
        public void choose(float[] logits, int offset, int count, int[] experts, float[] shares) {
            float[] scores = score.of(logits, offset, count);
            float[] ranked = scores.clone();
            for (int e = 0; correction != null && e < count; e++) {
                ranked[e] += correction[e];
            }
            if (groups != null) {
                groups.keepBest(ranked);
            }
            largest(ranked, 0, count, experts);
            double sum = addedToSum;
            for (int expert : experts) {
                sum += scores[expert];
            }
            double divisor = leastSum.isPresent() ? Math.max(sum, leastSum.getAsDouble()) : 1;
            for (int i = 0; i < experts.length; i++) {
                shares[i] = (float) (scores[experts[i]] / divisor * scale);
            }
        }
    }

    /// What a router's logits are made into.
    enum Score {
        SIGMOID,
        SOFTMAX;

        float[] of(float[] logits, int offset, int count) {
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int e = 0; e < count; e++) {
                max = Math.max(max, logits[offset + e]);
            }
            for (int e = 0; e < count; e++) {
                sum += Math.exp(logits[offset + e] - max);
            }
            float[] scores = new float[count];
            for (int e = 0; e < count; e++) {
                double logit = logits[offset + e];
                scores[e] =
                        (float)
                                switch (this) {
                                    case SIGMOID -> 1 / (1 + Math.exp(-logit));
                                    case SOFTMAX -> Math.exp(logit - max) / sum;
                                };
            }
            return scores;
        }
    }

    /// Groups of neighbouring experts, as many in each.
    ///
    /// @param count how many there are
    /// @param kept how many of them experts are chosen from
    /// @param best how many of its largest scores a group is judged by: their sum
    record Groups(int count, int kept, int best) {
        /// The scores of all other groups become the least there is.
        void keepBest(float[] scores) {
            int size = scores.length / count;
            float[] sums = new float[count];
            for (int g = 0; g < count; g++) {
                int[] top = new int[best];
                largest(scores, g * size, size, top);
                for (int e : top) {
                    sums[g] += scores[g * size + e];
                }
            }
            int[] groups = new int[kept];
            largest(sums, 0, count, groups);
            for (int g = 0; g < count; g++) {
                if (Arrays.binarySearch(groups, g) < 0) {
                    Arrays.fill(scores, g * size, (g + 1) * size, Float.NEGATIVE_INFINITY);
                }
            }
        }
    }

    /// The indices of the largest logits, ascending; of equal ones the first.
    private static void largest(float[] logits, int offset, int count, int[] experts) {
        int found = 0;
        for (int e = 0; e < count; e++) {
            int at = found;
            while (at > 0 && logits[offset + e] > logits[offset + experts[at - 1]]) {
                at--;
            }
            if (at < experts.length) {
                found = Math.min(found + 1, experts.length);
                System.arraycopy(experts, at, experts, at + 1, found - 1 - at);
                experts[at] = e;
            }
        }
        Arrays.sort(experts);
    }

    private static double max(float[] logits, int offset, int[] experts) {
        double max = Double.NEGATIVE_INFINITY;
        for (int expert : experts) {
            max = Math.max(max, logits[offset + expert]);
        }
        return max;
    }

    /// @param all sum of the exponentials that shares are parts of; NaN for that of the chosen
    private static void share(
            float[] logits, int offset, double max, double all, int[] experts, float[] shares) {
        double sum = 0;
        for (int expert : experts) {
            sum += Math.exp(logits[offset + expert] - max);
        }
        for (int i = 0; i < experts.length; i++) {
            double exp = Math.exp(logits[offset + experts[i]] - max);
            shares[i] = (float) (exp / (Double.isNaN(all) ? sum : all));
        }
    }
}
