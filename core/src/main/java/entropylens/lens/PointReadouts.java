package entropylens.lens;

/// What was read at one point of the stream.
///
/// @param point where
/// @param layers read-outs per position: the blocks, and before those of resid_post the embedding
///   where that was asked for
/// @param readouts of all positions and layers, position after position
public record PointReadouts(StreamPoint point, int layers, Readouts readouts) {}
