/// Lenses that translate. In files: the Jacobian lens as its authors' package writes it, the tuned
/// lens as its package does, and our own form; their matrices are mapped, not copied. And fitted:
/// those with a closed form, and the tuned lens, by gradient descent.
///
/// The contract:
///
/// - Layers are numbered as everywhere here: 0 is the embedding, l the stream after block l. Each
///   format's own numbers are turned into these when it is read.
/// - A lens that does not fit the model, in width, depth or unembedding, is refused by name.
/// - Bad input is a [entropylens.checkpoint.CheckpointException].
///
/// Start reading at [entropylens.translators.Lenses], which opens, and
/// [entropylens.translators.LensFitter], which fits.
@NullMarked
package entropylens.translators;

import org.jspecify.annotations.NullMarked;
