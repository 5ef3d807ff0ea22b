/// Finds models by name on this machine: a directory or a GGUF file, a model that ships, one of
/// Ollama or LM Studio, or one in the cache of Hugging Face. Start reading at
/// [entropylens.hub.Models] (a name becomes a directory). Nothing here uses the network: module
/// `hub`, package `entropylens.pull`, fills the cache.
///
/// The contract:
///
/// - **The cache is that of `huggingface_hub`**, in its layout: what Python downloaded is found
///   here.
/// - **Nothing is believed.** What stands in the cache came from outside: a name or a reference
///   that leads out of it is refused, and nothing is read without a bound.
/// - **What fails is a [entropylens.hub.HubException]**, whose message says what to do next.
@NullMarked
package entropylens.hub;

import org.jspecify.annotations.NullMarked;
