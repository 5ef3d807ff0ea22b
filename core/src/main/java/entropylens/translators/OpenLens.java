package entropylens.translators;

import entropylens.checkpoint.MappedFiles;
import entropylens.lens.Lens;

/// A lens whose matrices are mapped.
///
/// @param lens to be looked through as long as the arena is open that it was mapped into
/// @param files as they must stay meanwhile
public record OpenLens(Lens lens, MappedFiles files) {}
