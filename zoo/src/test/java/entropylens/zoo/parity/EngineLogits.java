package entropylens.zoo.parity;

import entropylens.lens.Unembed;
import entropylens.model.Batch;
import entropylens.model.Model;

/// All logits of a text, as the engine computes them.
///
/// @param values `[token][d_vocab]`, row after row
/// @param dVocab width of a row
record EngineLogits(float[] values, int dVocab) {
    static EngineLogits of(Model model, int[] ids) {
        Batch batch = new Batch();
        batch.add(model.newSession(ids.length), ids);
        Unembed unembed = Unembed.of(model);
        return new EngineLogits(unembed.logits(model.forward(batch), ids.length), unembed.dVocab());
    }

    /// The largest difference from `expected` in a row; NaN where one is no number.
    double difference(int row, float[] expected) {
        double largest = 0;
        for (int token = 0; token < dVocab; token++) {
            double difference = Math.abs((double) values[row * dVocab + token] - expected[token]);
            largest = Double.isNaN(difference) ? difference : Math.max(largest, difference);
            if (Double.isNaN(largest)) {
                return largest;
            }
        }
        return largest;
    }

    /// Nats of the tokens after the first, summed in double precision.
    double loss(int[] ids) {
        double loss = 0;
        for (int row = 0; row < ids.length - 1; row++) {
            loss += logSumExp(row) - values[row * dVocab + ids[row + 1]];
        }
        return loss;
    }

    private double logSumExp(int row) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int token = 0; token < dVocab; token++) {
            highest = Math.max(highest, values[row * dVocab + token]);
        }
        double sum = 0;
        for (int token = 0; token < dVocab; token++) {
            sum += Math.exp(values[row * dVocab + token] - highest);
        }
        return highest + Math.log(sum);
    }
}
