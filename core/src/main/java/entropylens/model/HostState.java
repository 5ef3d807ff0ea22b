package entropylens.model;

import java.util.List;

/// What the mixers of all blocks remember, on the heap.
record HostState(List<MixerState> blocks) implements SessionState {
    static HostState of(DecoderConfig config, int capacity) {
        return new HostState(MixerState.of(config, capacity));
    }

    @Override
    public void continueFrom(SessionState other, int tokens) {
        for (int layer = 0; layer < blocks.size(); layer++) {
            blocks.get(layer).copy(((HostState) other).blocks.get(layer), tokens);
        }
    }

    @Override
    public boolean knowsEarlierPositions() {
        return blocks.stream().allMatch(MixerState::knowsEarlierPositions);
    }
}
