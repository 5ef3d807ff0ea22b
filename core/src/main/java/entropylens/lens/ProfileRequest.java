package entropylens.lens;

import entropylens.hook.Intervention;

/// What to run and what to measure.
///
/// @param positions to measure
/// @param intervention what the blocks do
/// @param embedding also reads the stream before the first block, as layer 0
/// @param readout statistics per position and layer
public record ProfileRequest(
        Positions positions, Intervention intervention, boolean embedding, ReadoutRequest readout) {
    /// The layers after each block of the model as it is.
    public ProfileRequest(Positions positions, ReadoutRequest readout) {
        this(positions, Intervention.NONE, false, readout);
    }
}
