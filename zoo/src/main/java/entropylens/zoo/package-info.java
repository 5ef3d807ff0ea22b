/// The zoo: small models that ship with entropy-lens, each a directory in the Hugging Face layout
/// with a `card.json` that says what it is. [entropylens.zoo.Zoo] finds them.
@NullMarked
package entropylens.zoo;

import org.jspecify.annotations.NullMarked;
