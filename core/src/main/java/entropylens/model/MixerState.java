package entropylens.model;

/// What one block's mixer remembers of the tokens of one session.
sealed interface MixerState permits KvCache {
    /// An empty one.
    static MixerState of(DecoderConfig.Mixer mixer, int capacity) {
        return switch (mixer) {
            case DecoderConfig.Attention attention -> new KvCache(attention, capacity);
        };
    }
}
