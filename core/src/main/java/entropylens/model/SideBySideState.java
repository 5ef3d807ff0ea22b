package entropylens.model;

/// What attention and a state space of one block remember.
record SideBySideState(KvCache keys, RecurrentState space) implements MixerState {
    @Override
    public KvCache keysAndValues() {
        return keys;
    }

    @Override
    public RecurrentState recurrent() {
        return space;
    }

    @Override
    public void copy(MixerState other, int positions) {
        keys.copy(other.keysAndValues(), positions);
        space.copy(other.recurrent(), positions);
    }
}
