package entropylens.web;

import entropylens.checkpoint.CheckpointException;
import entropylens.lens.Lens;
import entropylens.lens.StreamPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The lenses of one model that the explorer was started with, by name: the file's, without the
/// folders that it lies in.
final class ServedLenses {
    /// The field that names one.
    static final String LENS = "lens";

    private static final String LOGIT = "logit";

    private final Map<String, Lens> lenses = new LinkedHashMap<>();

    /// Opens each lens for every model that it fits.
    ///
    /// @param words of `--lens`
    /// @throws CheckpointException when one is missing, damaged or fits none of the models
    /// @throws IllegalArgumentException when two of a model have one name
    static void open(List<String> words, ServedModels models) {
        for (String word : words) {
            String refused = "";
            boolean fits = false;
            for (String name : models.names()) {
                ServedModel model = models.get(name);
                try {
                    model.lenses().add(nameOf(word), model.lens().openLens(word));
                    fits = true;
                } catch (CheckpointException e) {
                    refused = String.valueOf(e.getMessage());
                }
            }
            if (!fits) {
                throw new CheckpointException("--lens %s: %s".formatted(word, refused));
            }
        }
    }

    /// `jacobian:some/folder/a.pt` is called `jacobian:a.pt`.
    static String nameOf(String word) {
        String kind = word.matches("(jacobian|tuned):.*") ? word.replaceAll(":.*", ":") : "";
        String place = word.substring(kind.length()).replaceAll("[/\\\\]+$", "");
        return kind + place.replaceAll(".*[/\\\\]", "");
    }

    private void add(String name, Lens lens) {
        if (lenses.putIfAbsent(name, lens) != null || name.equals(LOGIT)) {
            throw new IllegalArgumentException(
                    "--lens: two lenses of one model are called %s; rename one of the files"
                            .formatted(name));
        }
    }

    Set<String> names() {
        return lenses.keySet();
    }

    /// The lens that a request names; without one, the logit lens.
    ///
    /// @throws ApiException when there is none of this name, or it says nothing of these points
    Lens asked(Fields fields, ServedModel model, List<StreamPoint> points) {
        String name = fields.text(LENS).orElse(LOGIT);
        if (name.equals(LOGIT)) {
            return Lens.LOGIT;
        }
        Lens lens = lenses.get(name);
        if (lens == null) {
            throw new ApiException(
                    ApiException.UNKNOWN,
                    "there is no lens '%s' of this model here; there are %s"
                            .formatted(name, String.join(", ", all())));
        }
        try {
            lens.requireReads(model.lens().model().config(), points, fields.flag("embedding"));
        } catch (IllegalArgumentException e) {
            throw new ApiException(ApiException.IMPOSSIBLE, withoutPlace(e, lens, name));
        }
        return lens;
    }

    private List<String> all() {
        return Stream.concat(Stream.of(LOGIT), lenses.keySet().stream()).toList();
    }

    private static String withoutPlace(IllegalArgumentException e, Lens lens, String name) {
        String said = "'lens': " + e.getMessage();
        return lens.origin().map(from -> said.replace(from.path().toString(), name)).orElse(said);
    }
}
