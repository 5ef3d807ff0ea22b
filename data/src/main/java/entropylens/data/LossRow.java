package entropylens.data;

import org.jspecify.annotations.Nullable;

/// How well a model predicted a text.
///
/// @param condition how the skipped blocks were chosen
/// @param part what of a block is skipped: `block`, `attention`, `mlp`
/// @param k number of blocks skipped
/// @param draw which of several random choices
/// @param nats sum of −ln p over its tokens
/// @param tokens number of them
public record LossRow(
        String study,
        String model,
        String condition,
        @Nullable String part,
        @Nullable Integer k,
        @Nullable Integer draw,
        String textId,
        double nats,
        int tokens) {}
