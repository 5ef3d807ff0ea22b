/// What other lenses than the logit lens make of the claims: the same verdicts side by side, and
/// whether ΔH keeps its signs and blocks their order.
@NullMarked
package entropylens.study.lenses;

import org.jspecify.annotations.NullMarked;
