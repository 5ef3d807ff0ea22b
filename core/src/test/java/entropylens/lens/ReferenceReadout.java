package entropylens.lens;

import java.util.Arrays;
import java.util.stream.IntStream;

/// What a readout is, in float64 and with the logits whole: the definitions of docs/method.md, one
/// plain expression each. Tokens with a logit of -∞ have probability 0 and contribute nothing.
final class ReferenceReadout {
    private final double[] logits;
    private final double[] logP;

    ReferenceReadout(double[] logits) {
        this.logits = logits;
        double max = Arrays.stream(logits).max().orElseThrow();
        double z = Arrays.stream(logits).map(x -> Math.exp(x - max)).sum();
        logP = Arrays.stream(logits).map(x -> x - max - Math.log(z)).toArray();
    }

    static ReferenceReadout of(float[] logits) {
        return new ReferenceReadout(
                IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray());
    }

    double entropy() {
        return -Arrays.stream(logP).filter(Double::isFinite).map(l -> Math.exp(l) * l).sum();
    }

    double varentropy() {
        double h = entropy();
        return Arrays.stream(logP)
                .filter(Double::isFinite)
                .map(l -> Math.exp(l) * (l + h) * (l + h))
                .sum();
    }

    /// `1 + Σ p (z - m)²`: what the rounding of a varentropy is relative to.
    double varentropyScale() {
        double most = Arrays.stream(logP).max().orElseThrow();
        return 1
                + Arrays.stream(logP)
                        .filter(Double::isFinite)
                        .map(l -> Math.exp(l) * (l - most) * (l - most))
                        .sum();
    }

    double renyi(double alpha) {
        if (alpha == 1) {
            return entropy();
        }
        if (alpha == 0) {
            return Math.log(Arrays.stream(logP).filter(Double::isFinite).count());
        }
        if (alpha == Double.POSITIVE_INFINITY) {
            return -Arrays.stream(logP).max().orElseThrow();
        }
        // relative to the largest, which would underflow for large alpha
        double most = Arrays.stream(logP).max().orElseThrow();
        double sum = Arrays.stream(logP).map(l -> Math.exp(alpha * (l - most))).sum();
        return (Math.log(sum) + alpha * most) / (1 - alpha);
    }

    /// Size of the smallest set that reaches each p; the whole vocabulary where none does.
    int[] topPSizes(double... ps) {
        double[] p = Arrays.stream(logP).map(Math::exp).sorted().toArray();
        int[] sizes = new int[ps.length];
        for (int i = 0; i < ps.length; i++) {
            double reached = 0;
            while (sizes[i] < p.length && reached < ps[i]) {
                sizes[i]++;
                reached += p[p.length - sizes[i]];
            }
        }
        return sizes;
    }

    double topEntropy(int k) {
        return new ReferenceReadout(
                        Arrays.stream(topIds(k)).mapToDouble(id -> logits[id]).toArray())
                .entropy();
    }

    int[] topIds(int k) {
        double[] ascending = Arrays.stream(logits).sorted().toArray();
        double least = ascending[logits.length - k];
        return IntStream.range(0, logits.length)
                .filter(i -> logits[i] >= least)
                .boxed()
                .sorted((a, b) ->
                        logits[a] != logits[b]
                                ? Double.compare(logits[b], logits[a])
                                : Integer.compare(a, b))
                .limit(k)
                .mapToInt(i -> i)
                .toArray();
    }

    double logit(int token) {
        return logits[token];
    }

    double probability(int token) {
        return Math.exp(logP[token]);
    }

    int rank(int token) {
        return 1 + (int) Arrays.stream(logits).filter(z -> z > logits[token]).count();
    }

    /// `KL(reference ‖ this)`.
    double divergenceFrom(ReferenceReadout reference) {
        double sum = 0;
        for (int i = 0; i < logP.length; i++) {
            double p = Math.exp(reference.logP[i]);
            sum += p == 0 ? 0 : p * (reference.logP[i] - logP[i]);
        }
        return sum;
    }

    /// `Σ p |y - z|` with y the reference's logits: what the rounding of a divergence is relative
    /// to, beside 1.
    double divergenceScale(ReferenceReadout reference) {
        double sum = 1;
        for (int i = 0; i < logP.length; i++) {
            double p = Math.exp(reference.logP[i]);
            sum += p == 0 ? 0 : p * Math.abs(reference.logits[i] - logits[i]);
        }
        return sum;
    }

    double logitStd() {
        double mean = Arrays.stream(logits).average().orElseThrow();
        return Math.sqrt(
                Arrays.stream(logits).map(z -> (z - mean) * (z - mean)).average().orElseThrow());
    }
}
