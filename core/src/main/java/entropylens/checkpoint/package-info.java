/// Reads a checkpoint as its makers published it: a directory in the Hugging Face layout with
/// `config.json` and weights (one file, or shards with an index): safetensors, or where there are
/// none, what `torch.save` wrote.
///
/// The contract:
///
/// - **Nothing is copied.** [entropylens.checkpoint.Checkpoint#open] maps every weight file once,
///   read-only, into the arena that the caller supplies. Whoever supplies the arena owns it; after
///   it is closed the tensors are gone. A file that is refused is never mapped. The one exception:
///   a matrix that a torch file holds transposed is written out when it is asked for.
/// - **Nothing is believed.** Lengths, offsets, shapes and names are checked against each other and
///   against the file before the first tensor is handed out. The tensors of a safetensors file tile
///   its data exactly, without overlap, hole or rest; those of a torch file lie within their
///   storages, which tied ones share.
/// - **Nothing is executed.** A torch file is a pickle, in Python a program. Here it is data, of
///   which the few forms that tensors need are known, and every other one is refused by name.
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
