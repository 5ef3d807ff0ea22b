package entropylens.lens;

import entropylens.hook.Intervention;
import entropylens.hook.Patch;
import java.util.List;

/// What to run and what to measure.
///
/// @param positions to measure
/// @param intervention what the blocks do
/// @param embedding also reads the stream before the first block, as layer 0 of resid_post
/// @param readout statistics per position, layer and point
/// @param points where each block is read, each once; a profile of each is given, in this order
/// @param lens through what each layer is looked at
public record ProfileRequest(
        Positions positions,
        Intervention intervention,
        boolean embedding,
        ReadoutRequest readout,
        List<StreamPoint> points,
        Lens lens) {
    /// @throws IllegalArgumentException when no point is asked for, or one twice; when the
    ///   embedding is, but not resid_post
    public ProfileRequest {
        points = StreamPoint.distinct(points);
        if (embedding && !points.contains(StreamPoint.RESID_POST)) {
            throw new IllegalArgumentException(
                    "the embedding is layer 0 of resid_post, which is not asked for; layer 1 of resid_pre is the same row");
        }
    }

    /// Through the logit lens.
    public ProfileRequest(
            Positions positions,
            Intervention intervention,
            boolean embedding,
            ReadoutRequest readout,
            List<StreamPoint> points) {
        this(positions, intervention, embedding, readout, points, Lens.LOGIT);
    }

    /// The stream after each block.
    public ProfileRequest(
            Positions positions,
            Intervention intervention,
            boolean embedding,
            ReadoutRequest readout) {
        this(positions, intervention, embedding, readout, List.of(StreamPoint.RESID_POST));
    }

    /// The layers after each block of the model as it is.
    public ProfileRequest(Positions positions, ReadoutRequest readout) {
        this(positions, Intervention.NONE, false, readout);
    }

    /// The same, read elsewhere.
    public ProfileRequest at(List<StreamPoint> where) {
        return new ProfileRequest(positions, intervention, embedding, readout, where, lens);
    }

    /// The same, with rows of another text.
    public ProfileRequest patched(List<Patch> rows) {
        return new ProfileRequest(
                positions, intervention.patched(rows), embedding, readout, points, lens);
    }

    /// The same, through a lens.
    public ProfileRequest through(Lens what) {
        return new ProfileRequest(positions, intervention, embedding, readout, points, what);
    }
}
