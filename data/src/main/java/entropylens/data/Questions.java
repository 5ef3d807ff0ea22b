package entropylens.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads multiple-choice questions with four options: JSON Lines, a JSON list, CSV or Parquet, in
/// UTF-8, in the shapes of MMLU, ARC and OpenBookQA (see [QuestionShape]). `subject`, `context` or
/// `story`, and `id` may stand beside them.
public final class Questions {
    private static final List<String> CONTEXTS = List.of("context", "story", "passage");

    private Questions() {}

    /// Questions, and what is to be said about them.
    ///
    /// @param places where each stands, by its id: "line 5"
    /// @param dropped number of questions left out since they do not have four options
    /// @param leftOut rows that are no question with one right answer
    public record Found(
            List<Question> questions,
            Map<String, String> places,
            int dropped,
            List<LeftOut> leftOut,
            List<String> warnings) {}

    /// Refuses a file in which one row is no question.
    ///
    /// @param dropOthers leaves out questions that have another number of options than four, of
    ///   which ARC has a few, instead of refusing the file
    /// @throws DataException when there are none, or one is not a question with one right answer
    public static Found read(Path file, boolean dropOthers) {
        return read(file, dropOthers, true);
    }

    /// @param strict refuses the file for a row that is not a question with one right answer;
    ///   otherwise such rows are left out
    /// @throws DataException when there are no questions, or the file is not what its kind should
    ///   be
    public static Found read(Path file, boolean dropOthers, boolean strict) {
        if (FileKind.of(file) == FileKind.TEXT) {
            throw new DataException(
                    "%s: is plain text; questions are read from JSON, CSV and Parquet"
                            .formatted(file));
        }
        try (InputRecords rows = InputRecords.open(file)) {
            Reading reading = new Reading(file, dropOthers, strict);
            for (InputRecord row = rows.next(); row != null; row = rows.next()) {
                reading.addOrLeaveOut(row);
            }
            return reading.found();
        }
    }

    /// What was read so far.
    private static final class Reading {
        private final Path file;
        private final boolean dropOthers;
        private final boolean strict;
        private final List<LeftOut> leftOut = new ArrayList<>();
        private final List<Question> questions = new ArrayList<>();
        private final Map<String, String> whereOfId = new HashMap<>();
        private final Map<ContentKey, String> whereOfText = new HashMap<>();
        private final List<String> duplicates = new ArrayList<>();
        private int dropped;

        Reading(Path file, boolean dropOthers, boolean strict) {
            this.file = file;
            this.dropOthers = dropOthers;
            this.strict = strict;
        }

        void addOrLeaveOut(InputRecord row) {
            try {
                add(row);
            } catch (DataException e) {
                if (strict) {
                    throw e;
                }
                leftOut.add(new LeftOut(Fields.id(row), String.valueOf(e.getMessage())));
            }
        }

        private void add(InputRecord row) {
            QuestionShape shape = QuestionShape.of(file, row);
            int options = shape.options().size();
            if (options != QuestionShape.OPTIONS) {
                if (!dropOthers) {
                    throw Fields.wrong(
                            file,
                            row,
                            shape.optionsColumn(),
                            "holds %d options, not four; leave the question out, or have all such questions left out (--four-options-only)"
                                    .formatted(options));
                }
                dropped++;
                return;
            }
            Question question =
                    new Question(
                            Fields.id(row),
                            optional(row, "subject"),
                            context(row),
                            shape.question(),
                            shape.options(),
                            shape.answer());
            requireNewId(row, question.id());
            noteDuplicate(row, question);
            questions.add(question);
        }

        private void requireNewId(InputRecord row, String id) {
            String before = whereOfId.putIfAbsent(id, row.where());
            if (before != null) {
                throw Fields.wrong(
                        file,
                        row,
                        "id",
                        "'%s' is the id of %s too; ids must differ"
                                .formatted(Shown.of(id), before));
            }
        }

        private void noteDuplicate(InputRecord row, Question question) {
            String content =
                    question.context() + "\n" + question.question() + "\n" + question.options();
            String before = whereOfText.putIfAbsent(ContentKey.of(content), row.where());
            if (before != null) {
                duplicates.add(row.where() + " is the same question as " + before);
            }
        }

        private Optional<String> context(InputRecord row) {
            return CONTEXTS.stream().flatMap(name -> optional(row, name).stream()).findFirst();
        }

        /// An empty cell is no value, as in CSV there is no other way to say so.
        private Optional<String> optional(InputRecord row, String column) {
            JsonNode value = row.values().path(column);
            if (value.isMissingNode()
                    || value.isNull()
                    || (value.isString() && value.stringValue().isBlank())) {
                return Optional.empty();
            }
            return Optional.of(Fields.text(file, row, column, value));
        }

        Found found() {
            if (questions.isEmpty()) {
                throw new DataException(
                        !leftOut.isEmpty()
                                ? leftOut.getFirst().reason()
                                : dropped == 0
                                        ? "%s: holds no questions".formatted(file)
                                        : "%s: none of its %d questions has four options"
                                                .formatted(file, dropped));
            }
            return new Found(
                    List.copyOf(questions),
                    Map.copyOf(whereOfId),
                    dropped,
                    List.copyOf(leftOut),
                    warnings());
        }

        private List<String> warnings() {
            if (duplicates.isEmpty()) {
                return List.of();
            }
            String more =
                    duplicates.size() == 1
                            ? ""
                            : ", and %d more questions occur twice"
                                    .formatted(duplicates.size() - 1);
            return List.of("%s: %s%s".formatted(file, duplicates.getFirst(), more));
        }
    }
}
