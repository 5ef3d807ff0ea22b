package entropylens.kernels;

import java.util.List;

/// A linear operator and what adapters add to it, beside its weights: with `y = W x + b` to begin
/// with, each update in turn gives
///
/// - `y + s · B (A x)`;
/// - where it has gains g, one per output (DoRA): `y + (g − 1)(y − b) + g · s · B (A x)`.
///
/// A is [LowRank#down], B is [LowRank#up]. So PEFT computes them, one active adapter after the
/// other.
///
/// @param base W and b, as they are without adapters
/// @param updates in the order of the adapters; at least one
public record Adapted(Linear base, List<LowRank> updates) implements Projection {
    public Adapted {
        updates = List.copyOf(updates);
        if (updates.isEmpty()) {
            throw new IllegalArgumentException("no update; take the base as it is");
        }
        for (LowRank update : updates) {
            if (update.down().inputs() != base.inputs()
                    || update.up().outputs() != base.outputs()) {
                throw new IllegalArgumentException(
                        "an update of %d outputs and %d inputs for %d and %d"
                                .formatted(
                                        update.up().outputs(),
                                        update.down().inputs(),
                                        base.outputs(),
                                        base.inputs()));
            }
        }
    }

    @Override
    public int inputs() {
        return base.inputs();
    }

    @Override
    public int outputs() {
        return base.outputs();
    }

    @Override
    public boolean biased() {
        return base.biased();
    }

    @Override
    public long bytes() {
        return base.bytes()
                + updates.stream()
                        .mapToLong(update -> update.down().bytes() + update.up().bytes())
                        .sum();
    }

    @Override
    public Adapted outputs(int from, int to) {
        return new Adapted(
                base.outputs(from, to),
                updates.stream().map(update -> update.outputs(from, to)).toList());
    }
}
