/// Reads GGUF, the format of llama.cpp, Ollama and LM Studio, in which one file holds
/// configuration, tokenizer and weights. What is read is said again in the words of Hugging Face: a
/// `config.json`, tensors under their names there and in their order there, a `tokenizer.json`. So
/// a family knows nothing of where its model came from.
///
/// Start reading at [entropylens.gguf.GgufModel] (a path becomes a model's parts);
/// [entropylens.gguf.GgufHeader] is the format, [entropylens.gguf.Architecture] the translation.
///
/// The contract:
///
/// - **Nothing is believed.** Counts and lengths are held against the bytes that are left before
///   anything is allocated by them; tensors lie inside the file, aligned, and none over another.
/// - **Nothing is guessed.** What has no translation is refused by name: an architecture, a kind of
///   block, a way to split text. A metadata key of the architecture that nobody knows becomes a key
///   of the configuration that nobody reads, which stops the load.
/// - **Matrices stay as they are on disk**, mapped: blocks are decoded, and rows that llama.cpp
///   reordered are found, as they are read ([entropylens.gguf.RearrangedTensor]). Only vectors that
///   are not in the form of Hugging Face are written out.
/// - **Bad input is a [entropylens.checkpoint.CheckpointException].**
@NullMarked
package entropylens.gguf;

import org.jspecify.annotations.NullMarked;
