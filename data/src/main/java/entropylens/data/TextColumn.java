package entropylens.data;

import entropylens.checkpoint.NearNames;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which column of a user's file holds the text: the one that was named; otherwise one of the usual
/// names, or the only column there is. Decided by the first row.
final class TextColumn {
    private final Path file;
    private final Optional<String> asked;
    private final List<String> usual;
    private @Nullable String known;

    TextColumn(Path file, Optional<String> asked, List<String> usual) {
        this.file = file;
        this.asked = asked;
        this.usual = usual;
    }

    /// @throws DataException when it cannot be told
    String in(InputRecord row) {
        String column = known;
        if (column == null) {
            column = choose(row);
            known = column;
        }
        return column;
    }

    private String choose(InputRecord row) {
        Collection<String> there = row.values().propertyNames();
        if (asked.isPresent()) {
            return asked.get();
        }
        for (String name : usual) {
            if (there.contains(name)) {
                return name;
            }
        }
        if (there.size() == 1) {
            return there.iterator().next();
        }
        List<String> near = NearNames.of(usual.getFirst(), there);
        throw new DataException(
                "%s: there is no column '%s'; name the one that holds the text%s; there are %s"
                        .formatted(
                                file,
                                usual.getFirst(),
                                near.isEmpty() ? "" : " (" + near.getFirst() + "?)",
                                Fields.names(there)));
    }
}
