package entropylens.spark;

import entropylens.data.DataException;
import entropylens.data.InputTypes;
import entropylens.data.PromptRow;
import entropylens.data.Prompts;
import java.io.Serial;
import java.io.Serializable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/// Reads files of prompts, a file in each task: once for what is in it, once for its rows.
final class ReadPrompts implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    private final SparkSettings settings;
    private final SerializableConfiguration hadoop;

    ReadPrompts(SparkSettings settings, SerializableConfiguration hadoop) {
        this.settings = settings;
        this.hadoop = hadoop;
    }

    /// What is in a file.
    ///
    /// @param rows how many
    /// @param sha256 of its bytes
    /// @param kinds of the values of its columns, for [InputTypes]
    record Found(PromptFile file, long rows, String sha256, TreeMap<String, TreeSet<String>> kinds)
            implements Serializable {}

    Found scan(PromptFile file) {
        try (LocalCopy copy = LocalCopy.of(file, hadoop.value())) {
            InputTypes types = new InputTypes();
            long rows = 0;
            try (Prompts prompts = copy.prompts(settings)) {
                for (PromptRow row = prompts.next(); row != null; row = prompts.next()) {
                    types.add(row.columns());
                    rows++;
                }
            } catch (DataException e) {
                throw copy.named(e);
            }
            TreeMap<String, TreeSet<String>> kinds = new TreeMap<>();
            types.kinds().forEach((key, found) -> kinds.put(key, new TreeSet<>(found)));
            return new Found(file, rows, copy.sha256(), kinds);
        }
    }

    /// The rows of a file, as [PromptTable] has them.
    ///
    /// @param before rows of the files before it
    Iterator<Row> rows(PromptFile file, long before) {
        LocalCopy copy = LocalCopy.of(file, hadoop.value());
        Prompts prompts = copy.prompts(settings);
        TaskCompletionListener letGo =
                _ -> {
                    prompts.close();
                    copy.close();
                };
        TaskContext.get().addTaskCompletionListener(letGo);
        return new Iterator<>() {
            private @Nullable PromptRow next = prompts.next();

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Row next() {
                PromptRow row = next;
                if (row == null) {
                    throw new NoSuchElementException();
                }
                next = prompts.next();
                return PromptTable.row(copy.named(row), before + row.number(), row.columns());
            }
        };
    }
}
