/// One small file per family: configuration keys to [entropylens.model.DecoderConfig], tensor names
/// to [entropylens.model.Weights]. The only place that knows what Hugging Face calls things.
///
/// Start reading at [entropylens.family.LlamaFamily]. To add a family: write one such class, name
/// it in [entropylens.family.Families], make its goldens.
@NullMarked
package entropylens.family;

import org.jspecify.annotations.NullMarked;
