/// The models of the zoo, compared with transformers: what `tools/zoo/write_parity.py` wrote, and
/// the engine's logits of the same texts.
@NullMarked
package entropylens.zoo.parity;

import org.jspecify.annotations.NullMarked;
