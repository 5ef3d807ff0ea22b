package entropylens.result;

import entropylens.lens.PatchSource;
import java.util.List;

/// Rows that came from another text.
///
/// @param ids of that text
/// @param sources which rows, and where they were put
public record Patched(int[] ids, List<PatchSource> sources) {
    public Patched {
        sources = List.copyOf(sources);
    }
}
