package entropylens.web;

import java.nio.file.Path;
import java.util.List;

/// What the explorer shows beside its models, named at its start; it opens nothing else.
///
/// @param lenses in the words of `--lens`: `jacobian:FILE`, `tuned:DIRECTORY`, `FILE.safetensors`
/// @param runs directories of studies and batches
public record Shelf(List<String> lenses, List<Path> runs) {
    /// Nothing.
    public static final Shelf EMPTY = new Shelf(List.of(), List.of());

    /// Takes copies.
    public Shelf {
        lenses = List.copyOf(lenses);
        runs = List.copyOf(runs);
    }
}
