/// Reads adapters that PEFT trained (LoRA and its kin: `adapter_config.json` and
/// `adapter_model.safetensors`) and applies them beside a model's weights, which stay as they are
/// on disk.
///
/// The contract:
///
/// - **Nothing is merged.** A projection becomes an [entropylens.kernels.Adapted], which adds `s ·
///   B (A x)`. Modules that the adapter keeps whole replace those of the model.
/// - **Nothing is overlooked.** A key of the configuration that may change the computation is
///   honoured or refused, a tensor that no projection takes stops the load, and so does a module
///   that the configuration targets and the file leaves out.
/// - **Nothing runs away.** The regular expressions of a configuration are bounded in length and
///   steps.
/// - Bad input is a [entropylens.checkpoint.CheckpointException].
///
/// Start reading at [entropylens.adapter.Adapters].
@NullMarked
package entropylens.adapter;

import org.jspecify.annotations.NullMarked;
