package entropylens.model;

import java.util.ArrayList;
import java.util.List;

/// What one block's mixer remembers of the tokens of one session.
sealed interface MixerState permits KvCache, RecurrentState, SideBySideState {
    /// Takes over what the same block's mixer remembers of another session, all of whose tokens
    /// this session begins with.
    ///
    /// @param positions that the other session has seen; fewer where earlier ones are known
    void copy(MixerState other, int positions);

    /// Whether an earlier position can be gone back to: keys and values are there for each, but a
    /// recurrence knows only where it is.
    default boolean knowsEarlierPositions() {
        return false;
    }

    /// Those of its attention, which it has.
    default KvCache keysAndValues() {
        return (KvCache) this;
    }

    /// That of its recurrence, which it has.
    default RecurrentState recurrent() {
        return (RecurrentState) this;
    }

    /// Empty ones, for each block; blocks that share keys and values have the same.
    static List<MixerState> of(DecoderConfig config, int capacity) {
        List<MixerState> states = new ArrayList<>();
        for (MixerShape mixer : config.mixers()) {
            states.add(
                    switch (mixer) {
                        case AttentionShape attention ->
                                attention.keysOf().isPresent()
                                        ? states.get(attention.keysOf().getAsInt())
                                        : new KvCache(attention, capacity);
                        case MixerShape.Recurrent recurrent -> RecurrentState.of(recurrent);
                        case MixerShape.SideBySide both ->
                                new SideBySideState(
                                        new KvCache(both.attention(), capacity),
                                        RecurrentState.of(both.space()));
                    });
        }
        return List.copyOf(states);
    }
}
