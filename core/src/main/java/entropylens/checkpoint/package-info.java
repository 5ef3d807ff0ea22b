/// Reads a checkpoint as its makers published it: a directory in the Hugging Face layout with
/// `config.json` and safetensors weights (one file, or shards with an index).
///
/// The contract:
///
/// - **Nothing is copied.** [entropylens.checkpoint.Checkpoint#open] maps every weight file once,
///   read-only, into the arena that the caller supplies. Whoever supplies the arena owns it; after
///   it is closed the tensors are gone. A file that is refused is never mapped.
/// - **Nothing is believed.** Lengths, offsets, shapes and names are checked against each other and
///   against the file before the first tensor is handed out: the tensors of a file tile its data
///   exactly, without overlap, hole or rest.
/// - **Nothing is overlooked.** [entropylens.checkpoint.ConfigJson] knows which keys were read and
///   [entropylens.checkpoint.Checkpoint] which tensors were taken; what is left over stops the
///   load.
/// - **Bad input is a [entropylens.checkpoint.CheckpointException]**, whose message names the file,
///   the tensor or key, what was expected, what was found and what to do. Everything else that is
///   thrown from here is a defect of this program.
///
/// Tensor data are little-endian and need not be aligned: read them with the `_UNALIGNED` layouts.
@NullMarked
package entropylens.checkpoint;

import org.jspecify.annotations.NullMarked;
