package entropylens.batch;

/// A part of the prompts: every `count`-th, so that parts are alike and together complete.
///
/// @param index from 1
/// @param count how many parts there are
public record Shard(int index, int count) {
    /// All prompts.
    public static final Shard WHOLE = new Shard(1, 1);

    public Shard {
        if (count < 1 || index < 1 || index > count) {
            throw new IllegalArgumentException(
                    "a shard is one of 1/%d to %d/%d, not %d/%d"
                            .formatted(count, count, count, index, count));
        }
    }

    /// Whether a prompt belongs to this part.
    ///
    /// @param number of the prompt, from 1
    public boolean has(long number) {
        return (number - 1) % count == index - 1;
    }
}
