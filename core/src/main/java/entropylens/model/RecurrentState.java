package entropylens.model;

/// What a recurrent mixer remembers of the tokens of one session, as many floats however many
/// tokens there were.
///
/// @param recent the last inputs of its convolution, `[taps - 1][channels]`, the oldest first
/// @param memory what its recurrence has made of all tokens; empty where it has none
record RecurrentState(float[] recent, float[] memory) implements MixerState {
    /// Of a session that has seen nothing.
    static RecurrentState of(MixerShape.Recurrent shape) {
        return new RecurrentState(
                new float[(shape.taps() - 1) * shape.channels()], new float[shape.memory()]);
    }

    @Override
    public void copy(MixerState other, int positions) {
        RecurrentState from = (RecurrentState) other;
        System.arraycopy(from.recent, 0, recent, 0, recent.length);
        System.arraycopy(from.memory, 0, memory, 0, memory.length);
    }
}
