package entropylens.lens;

import java.util.Arrays;

/// The k largest logits seen so far and their tokens, per row; equal logits keep the smaller id.
final class TopTokens {
    private final int k;
    private final float[] logits;
    private final int[] ids;

    TopTokens(int rows, int k) {
        this.k = k;
        logits = new float[rows * k];
        ids = new int[rows * k];
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        Arrays.fill(ids, -1);
    }

    /// Those that were found elsewhere.
    TopTokens(int k, float[] logits, int[] ids) {
        this.k = k;
        this.logits = logits;
        this.ids = ids;
    }

    boolean wanted() {
        return k > 0;
    }

    /// What a logit of a row must exceed to enter.
    float threshold(int row) {
        return logits[row * k + k - 1];
    }

    /// Offers a token; tokens must be offered in ascending order of id.
    void offer(int row, float logit, int id) {
        int first = row * k;
        int at = first + k - 1;
        if (!(logit > logits[at]) && ids[at] >= 0) {
            return;
        }
        while (at > first && (logit > logits[at - 1] || ids[at - 1] < 0)) {
            logits[at] = logits[at - 1];
            ids[at] = ids[at - 1];
            at--;
        }
        logits[at] = logit;
        ids[at] = id;
    }

    void merge(TopTokens next) {
        for (int row = 0; k > 0 && row < logits.length / k; row++) {
            for (int i = row * k; i < (row + 1) * k && next.ids[i] >= 0; i++) {
                offer(row, next.logits[i], next.ids[i]);
            }
        }
    }

    int[] ids(int row) {
        return Arrays.copyOfRange(ids, row * k, (row + 1) * k);
    }

    float logit(int row, int rank) {
        return logits[row * k + rank];
    }
}
