/// Claim (i): blocks expand and prune the set of candidate tokens, and entropy tracks its size.
/// Start reading at [entropylens.study.strategies.Strategies].
@NullMarked
package entropylens.study.strategies;

import org.jspecify.annotations.NullMarked;
