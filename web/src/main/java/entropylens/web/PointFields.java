package entropylens.web;

import entropylens.lens.StreamPoint;
import java.util.ArrayList;
import java.util.List;

/// Where in each block the lens reads.
final class PointFields {
    static final String AT = "at";

    private PointFields() {}

    /// After each block, where nothing else is asked for.
    ///
    /// @throws ApiException when there is no such point, in a model of this kind or at all
    static List<StreamPoint> read(Fields fields, ServedModel model) {
        if (!fields.has(AT)) {
            return List.of(StreamPoint.RESID_POST);
        }
        List<StreamPoint> points = new ArrayList<>();
        fields.words(AT).forEach(word -> points.add(named(AT, word)));
        try {
            StreamPoint.requireIn(model.lens().model().config(), points);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ApiException.IMPOSSIBLE, "'at': " + e.getMessage());
        }
        return points;
    }

    /// The point of a word.
    ///
    /// @param field that has it
    static StreamPoint named(String field, String word) {
        return StreamPoint.named(word)
                .orElseThrow(() ->
                        ApiException.wrong(
                                "'%s': there is no point \"%s\" of the stream; there are %s",
                                field, word, InterventionFields.points()));
    }
}
