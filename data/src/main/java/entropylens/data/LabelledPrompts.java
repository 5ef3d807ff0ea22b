package entropylens.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a user's prompts with a label each, out of the files that [Prompts] reads. A label is
/// text, a number or a truth value.
public final class LabelledPrompts {
    private final LabelledColumns columns;
    private final boolean strict;
    private final List<LabelledPrompt> prompts = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private boolean labelled;

    private LabelledPrompts(LabelledColumns columns, boolean strict) {
        this.columns = columns;
        this.strict = strict;
    }

    /// @param leftOut rows without a prompt, label or group
    public record Found(List<LabelledPrompt> prompts, List<LeftOut> leftOut) {}

    /// @param strict whether a row without a prompt, label or group is an error
    /// @throws DataException when a file cannot be read, no row has the column of labels or can be
    ///   used, or `strict` and one cannot
    public static Found read(List<Prompts.Source> files, LabelledColumns columns, boolean strict) {
        LabelledPrompts reading = new LabelledPrompts(columns, strict);
        try (Prompts rows = new Prompts(files, columns.prompt(), columns.answer())) {
            for (PromptRow row = rows.next(); row != null; row = rows.next()) {
                reading.add(row);
            }
        }
        return reading.found(files);
    }

    private void add(PromptRow row) {
        try {
            if (row.problem() != null) {
                throw new DataException(row.problem());
            }
            ObjectNode values = (ObjectNode) JsonText.parse(row.columns());
            InputRecord record = new InputRecord(row.number(), row.where(), values);
            Path file = Path.of(row.file());
            labelled |= values.has(columns.label());
            String label = name(file, record, columns.label(), "label");
            String group =
                    columns.group().isPresent()
                            ? name(file, record, columns.group().get(), "group")
                            : LabelledPrompt.id(row);
            prompts.add(new LabelledPrompt(row, label, group));
        } catch (DataException e) {
            if (strict) {
                throw e;
            }
            leftOut.add(new LeftOut(LabelledPrompt.id(row), String.valueOf(e.getMessage())));
        }
    }

    private static String name(Path file, InputRecord row, String column, String what) {
        JsonNode value = row.values().path(column);
        if (value.isMissingNode()) {
            throw Fields.missing(file, row, column);
        }
        if (value.isContainer()) {
            throw Fields.wrong(
                    file,
                    row,
                    column,
                    "must hold a %s, as text or a number, but holds %s"
                            .formatted(what, JsonText.kind(value)));
        }
        String text = value.isNull() ? "" : value.asString().strip();
        if (text.isEmpty()) {
            throw Fields.wrong(file, row, column, "is empty; such a row has no " + what);
        }
        return text;
    }

    private Found found(List<Prompts.Source> files) {
        if (prompts.isEmpty()) {
            throw new DataException(
                    leftOut.isEmpty()
                            ? "%s: holds no prompts".formatted(files.getFirst().shown())
                            : reasonOfNone());
        }
        return new Found(List.copyOf(prompts), List.copyOf(leftOut));
    }

    /// The first row may lack its prompt, the others the column.
    private String reasonOfNone() {
        return leftOut.stream()
                .map(LeftOut::reason)
                .filter(reason -> labelled || reason.contains("'" + columns.label() + "'"))
                .findFirst()
                .orElse(leftOut.getFirst().reason());
    }
}
