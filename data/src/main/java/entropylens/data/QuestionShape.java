package entropylens.data;

import entropylens.checkpoint.StrictJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a row says, in any of the shapes in which benchmarks are published:
///
/// - MMLU: `question`, `choices` (a list), `answer` (from 0, or a letter); as CSV also without a
///   header: question, four options, letter;
/// - ARC: `question` {`stem`, `choices`: [{`label`, `text`}]}, `answerKey`; as datasets of the hub:
///   `question`, `choices` {`text`: [], `label`: []}, `answerKey`, a letter or a digit;
/// - OpenBookQA: the same with `question_stem`.
///
/// In CSV, a column `choices` holds its list as JSON.
///
/// @param optionsColumn where the options stand, for messages
/// @param answer the right option, from 0
record QuestionShape(String question, String optionsColumn, List<String> options, int answer) {
    static final int OPTIONS = 4;
    private static final String CHOICES = "choices";

    static QuestionShape of(Path file, InputRecord row) {
        return new Reader(file, row).read();
    }

    /// Options with their labels, where they have some of their own.
    private record Labelled(String column, List<String> texts, List<String> labels) {}

    private record Reader(Path file, InputRecord row) {
        QuestionShape read() {
            JsonNode question = row.values().path("question");
            String text;
            Labelled options;
            if (question.isObject()) {
                text = Fields.text(file, row, "question.stem", question.path("stem"));
                options = choices("question.choices", question.path(CHOICES));
            } else {
                boolean stem = question.isMissingNode() && row.values().has("question_stem");
                text = Fields.text(file, row, stem ? "question_stem" : "question");
                options = options();
            }
            int answer = options.texts.size() == OPTIONS ? answer(options) : 0;
            return new QuestionShape(text, options.column, options.texts, answer);
        }

        private Labelled options() {
            JsonNode choices = row.values().path(CHOICES);
            if (!choices.isMissingNode()) {
                return choices(CHOICES, choices.isString() ? parsed(choices) : choices);
            }
            if (CsvInputRecords.MMLU.stream().skip(1).limit(OPTIONS).allMatch(row.values()::has)) {
                List<String> texts = new ArrayList<>();
                CsvInputRecords.MMLU.stream()
                        .skip(1)
                        .limit(OPTIONS)
                        .forEach(name -> texts.add(Fields.text(file, row, name)));
                return new Labelled("A to D", texts, List.of());
            }
            throw Fields.missing(file, row, CHOICES);
        }

        /// A list in a cell of CSV.
        private JsonNode parsed(JsonNode cell) {
            try {
                return JsonText.parse(cell.stringValue());
            } catch (JacksonException e) {
                throw Fields.wrong(
                        file,
                        row,
                        CHOICES,
                        "must hold the options as a JSON list, [\"…\", \"…\", …]: "
                                + StrictJson.reason(e));
            }
        }

        private Labelled choices(String column, JsonNode choices) {
            if (choices.isObject()) {
                return new Labelled(
                        column,
                        texts(column + ".text", choices.path("text")),
                        labels(column, choices.path("label"), choices.path("text").size()));
            }
            if (!choices.isArray()) {
                throw Fields.wrong(
                        file,
                        row,
                        column,
                        "must hold a list of options, but holds " + JsonText.kind(choices));
            }
            return choices.path(0).isObject()
                    ? labelled(column, choices)
                    : new Labelled(column, texts(column, choices), List.of());
        }

        private Labelled labelled(String column, JsonNode choices) {
            List<String> texts = new ArrayList<>();
            List<String> labels = new ArrayList<>();
            for (int i = 0; i < choices.size(); i++) {
                String name = "%s[%d]".formatted(column, i);
                texts.add(Fields.text(file, row, name + ".text", choices.path(i).path("text")));
                labels.add(Fields.text(file, row, name + ".label", choices.path(i).path("label")));
            }
            return new Labelled(column, texts, labels);
        }

        private List<String> labels(String column, JsonNode labels, int options) {
            if (labels.isMissingNode() || labels.isNull()) {
                return List.of();
            }
            List<String> list = texts(column + ".label", labels);
            if (list.size() != options) {
                throw Fields.wrong(
                        file,
                        row,
                        column + ".label",
                        "holds %d labels for %d options".formatted(list.size(), options));
            }
            return list;
        }

        private List<String> texts(String column, JsonNode list) {
            if (!list.isArray()) {
                throw Fields.wrong(
                        file, row, column, "must hold a list, but holds " + JsonText.kind(list));
            }
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                texts.add(Fields.text(file, row, "%s[%d]".formatted(column, i), list.get(i)));
            }
            return texts;
        }

        private int answer(Labelled options) {
            boolean key = row.values().has("answerKey");
            String column = key ? "answerKey" : "answer";
            JsonNode value = row.values().path(column);
            if (value.isMissingNode()) {
                throw Fields.missing(file, row, column);
            }
            String given = value.isString() ? value.stringValue().strip() : value.toString();
            return position(given, options.labels, key)
                    .orElseThrow(() ->
                            Fields.wrong(
                                    file,
                                    row,
                                    column,
                                    "is %s, but must be %s"
                                            .formatted(
                                                    Shown.of(value.toString()),
                                                    allowed(options.labels, key))));
        }

        /// `answer` counts from 0, as MMLU does; `answerKey` from 1, as ARC does.
        private static Optional<Integer> position(String given, List<String> labels, boolean key) {
            if (!labels.isEmpty()) {
                int at = labels.indexOf(given);
                boolean once = at >= 0 && at == labels.lastIndexOf(given);
                return once ? Optional.of(at) : Optional.empty();
            }
            if (given.matches("[A-D]")) {
                return Optional.of(given.charAt(0) - 'A');
            }
            if (given.matches(key ? "[1-4]" : "[0-3]")) {
                return Optional.of(given.charAt(0) - (key ? '1' : '0'));
            }
            return Optional.empty();
        }

        private static String allowed(List<String> labels, boolean key) {
            if (!labels.isEmpty()) {
                return "one of the labels " + Shown.of(String.join(", ", labels)) + ", each once";
            }
            return key ? "A to D, or 1 to 4" : "0 to 3, or A to D";
        }
    }
}
