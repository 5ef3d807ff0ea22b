package entropylens.data;

import java.util.List;

/// How a block changed the candidates of one token: the top-p set of its layer, beside that of the
/// layer before.
///
/// @param token row of the text's profile, from 1
/// @param layer from 2
/// @param change of the entropy, nats
/// @param enter tokens of this layer's set that are not in the one before, most probable first; the
///   first few
/// @param entering number of all of these
/// @param leave tokens that were in the set before and are no longer, most probable before first
/// @param leaving number of all of these
public record MoveRow(
        String study,
        String model,
        String textId,
        int token,
        int layer,
        double change,
        List<String> enter,
        int entering,
        List<String> leave,
        int leaving) {
    public MoveRow {
        enter = List.copyOf(enter);
        leave = List.copyOf(leave);
    }
}
