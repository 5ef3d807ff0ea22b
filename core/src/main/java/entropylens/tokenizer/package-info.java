/// Text to token ids and back.
///
/// [entropylens.tokenizer.Tokenizer] is what the rest of the program knows;
/// [entropylens.tokenizer.Tokenizers] finds the one of a checkpoint, which is a `tokenizer.json`,
/// or is made of the `vocab.json` and `merges.txt` that GPT-2 and OPT were published with. Encoding
/// is done by the library of Hugging Face itself, through DJL's native binding: the normaliser, the
/// pre-tokenizer and the merges decide over every number that is measured afterwards. Decoding is
/// done here, byte by byte, because text must also be had token by token, and never half a
/// character:
///
/// - what [entropylens.tokenizer.TextStream] returns piece by piece is, put together, exactly what
///   [entropylens.tokenizer.Tokenizer#decode] returns, for every sequence of ids;
/// - at most three bytes are held back, namely those of a character that is not complete yet.
///
/// Nothing here prints, goes to the network, or writes anywhere but into DJL's cache of its own
/// native library (`~/.djl.ai`). A file that cannot be used is an
/// [entropylens.checkpoint.CheckpointException]; the native library ends the whole JVM on some
/// damaged files, which is why they are checked here first.
@NullMarked
package entropylens.tokenizer;

import org.jspecify.annotations.NullMarked;
