/// Claim (i): blocks expand and prune the set of candidate tokens, and the entropy goes with its
/// size. Start reading at [entropylens.study.strategies.Strategies].
@NullMarked
package entropylens.study.strategies;

import org.jspecify.annotations.NullMarked;
