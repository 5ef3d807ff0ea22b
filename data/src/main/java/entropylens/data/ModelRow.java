package entropylens.data;

import org.jspecify.annotations.Nullable;

/// A model of a run.
///
/// @param name what the other tables call it
/// @param blocks L
/// @param vocabulary d_vocab
/// @param parameters number of weights
/// @param untrainedSeed seed of its random weights; null for a trained model
public record ModelRow(
        String name,
        String family,
        int blocks,
        int vocabulary,
        long parameters,
        @Nullable Long untrainedSeed) {}
