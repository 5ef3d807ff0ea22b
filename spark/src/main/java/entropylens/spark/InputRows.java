package entropylens.spark;

import entropylens.batch.BatchWork;
import entropylens.data.InputTypes;
import entropylens.data.PromptRow;
import java.io.Serial;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/// Rows of a user's files as the table `inputs` has them: a column for each of theirs.
final class InputRows implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    private final String run;
    private final TreeMap<String, TreeSet<String>> kinds = new TreeMap<>();

    /// @param found what all files hold
    InputRows(String run, List<ReadPrompts.Found> found) {
        this.run = run;
        found.forEach(file ->
                file.kinds()
                        .forEach((key, more) ->
                                kinds.computeIfAbsent(key, _ -> new TreeSet<>()).addAll(more)));
    }

    Iterator<Row> rows(Iterator<Row> prompts) {
        InputTypes types = new InputTypes();
        types.add(kinds);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(prompts, Spliterator.ORDERED), false)
                .map(row -> values(types, PromptTable.of(row)))
                .iterator();
    }

    private Row values(InputTypes types, PromptRow row) {
        return RowFactory.create(types.values(run, BatchWork.input(row)));
    }
}
