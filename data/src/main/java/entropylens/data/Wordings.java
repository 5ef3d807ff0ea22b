package entropylens.data;

import entropylens.checkpoint.NearNames;
import entropylens.checkpoint.StrictJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a user's own wordings: one JSON object `{study: {class: [wording, …]}}`. Every class of a
/// study that is there has at least one wording, and no wording is there twice in a study.
///
/// @param byStudy wordings by class, in the order that was expected, by study
public record Wordings(Map<String, Map<String, List<String>>> byStudy) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[A-Za-z_]*}");

    /// What a study's wordings must be.
    ///
    /// @param classes their names
    /// @param placeholder that every wording has once, such as `{topic}`; without one, none may
    ///   have any
    public record Shape(List<String> classes, Optional<String> placeholder) {
        public Shape {
            classes = List.copyOf(classes);
        }
    }

    /// The wordings of one study, by class.
    public Optional<Map<String, List<String>>> of(String study) {
        return Optional.ofNullable(byStudy.get(study));
    }

    /// @param shapes of the studies that may be there, by name
    /// @throws DataException that names the file, the place, what was expected and what was found
    public static Wordings read(Path file, Map<String, Shape> shapes) {
        return new Reader(file).all(shapes);
    }

    /// One file on its way in.
    private record Reader(Path file) {
        Wordings all(Map<String, Shape> shapes) {
            ObjectNode root = object("the file", "one list of wordings per class", parsed());
            requireKnown("study", root, shapes.keySet());
            if (root.isEmpty()) {
                throw new DataException(
                        "%s: holds no wordings; give those of at least one of %s"
                                .formatted(file, Fields.names(shapes.keySet())));
            }
            Map<String, Map<String, List<String>>> byStudy = new LinkedHashMap<>();
            shapes.forEach((study, shape) -> {
                if (root.has(study)) {
                    byStudy.put(study, study(study, root.path(study), shape));
                }
            });
            return new Wordings(byStudy);
        }

        private JsonNode parsed() {
            StringBuilder text = new StringBuilder();
            try (Utf8Lines lines = new Utf8Lines(file)) {
                for (String line = lines.next(); line != null; line = lines.next()) {
                    text.append(line).append('\n');
                }
            }
            if (text.toString().isBlank()) {
                throw new DataException(
                        "%s: is empty; expected a JSON object of wordings".formatted(file));
            }
            try {
                return JsonText.parse(text.toString());
            } catch (JacksonException e) {
                throw new DataException(
                        "%s: is not valid JSON: %s; correct it there"
                                .formatted(file, StrictJson.reason(e)),
                        e);
            }
        }

        private Map<String, List<String>> study(String study, JsonNode value, Shape shape) {
            ObjectNode classes = object("'" + study + "'", "one list of wordings per class", value);
            requireKnown("class of '" + study + "'", classes, shape.classes());
            Map<String, List<String>> wordings = new LinkedHashMap<>();
            Map<String, String> placeOf = new LinkedHashMap<>();
            for (String name : shape.classes()) {
                if (!classes.has(name)) {
                    throw new DataException(
                            "%s: '%s' has no class '%s'; expected all of %s, found %s"
                                    .formatted(
                                            file,
                                            study,
                                            name,
                                            Fields.names(shape.classes()),
                                            Fields.names(classes.propertyNames())));
                }
                wordings.put(name, list(study + "." + name, classes.path(name), shape, placeOf));
            }
            return wordings;
        }

        private List<String> list(
                String place, JsonNode value, Shape shape, Map<String, String> placeOf) {
            if (!(value instanceof ArrayNode list)) {
                throw wrong(place, "must be a list of wordings, but is " + JsonText.kind(value));
            }
            if (list.isEmpty()) {
                throw wrong(place, "is an empty list; give at least one wording");
            }
            List<String> wordings = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                String at = "%s[%d]".formatted(place, i);
                String wording = wording(at, list.get(i), shape.placeholder());
                String before = placeOf.putIfAbsent(wording, at);
                if (before != null) {
                    throw wrong(
                            at,
                            "is the same wording as %s, “%s”; wordings of a study must differ"
                                    .formatted(before, Shown.of(wording)));
                }
                wordings.add(wording);
            }
            return List.copyOf(wordings);
        }

        private String wording(String place, JsonNode value, Optional<String> placeholder) {
            if (!value.isString()) {
                throw wrong(place, "must be text, but is " + JsonText.kind(value));
            }
            String wording = value.stringValue();
            if (wording.isBlank()) {
                throw wrong(place, "is empty; write a wording or take the entry out");
            }
            if (!wording.equals(wording.strip())) {
                throw wrong(
                        place,
                        "begins or ends with white space: “%s”; take it away"
                                .formatted(Shown.of(wording)));
            }
            if (wording.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
                throw wrong(place, "holds half a character (a lone surrogate); remove it");
            }
            requirePlaceholders(place, wording, placeholder);
            return wording;
        }

        private void requirePlaceholders(
                String place, String wording, Optional<String> placeholder) {
            List<String> found =
                    PLACEHOLDER.matcher(wording).results().map(MatchResult::group).toList();
            if (found.equals(placeholder.stream().toList())) {
                return;
            }
            String expected =
                    placeholder
                            .map(name -> "must have the placeholder " + name + " once")
                            .orElse("must have no placeholder, since the text stands beside it");
            throw wrong(
                    place,
                    "%s, but has %s: “%s”"
                            .formatted(
                                    expected,
                                    found.isEmpty() ? "none" : String.join(", ", found),
                                    Shown.of(wording)));
        }

        private ObjectNode object(String what, String of, JsonNode value) {
            if (value instanceof ObjectNode object) {
                return object;
            }
            throw new DataException(
                    "%s: %s must be an object { ... } with %s, but is %s"
                            .formatted(file, what, of, JsonText.kind(value)));
        }

        private void requireKnown(String what, ObjectNode object, Collection<String> known) {
            for (String name : object.propertyNames()) {
                if (!known.contains(name)) {
                    List<String> near = NearNames.of(name, known);
                    throw new DataException(
                            "%s: '%s' is no %s%s; there are %s"
                                    .formatted(
                                            file,
                                            Shown.of(name),
                                            what,
                                            near.isEmpty()
                                                    ? ""
                                                    : " (did you mean '" + near.getFirst() + "'?)",
                                            Fields.names(known)));
                }
            }
        }

        private DataException wrong(String place, String what) {
            return new DataException("%s: %s %s".formatted(file, place, what));
        }
    }
}
