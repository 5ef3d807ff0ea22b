/// Claim (iv): skipping blocks that expand the set of candidates costs more than skipping blocks
/// that prune it. Start reading at [entropylens.study.skip.Skipping], then at
/// [entropylens.study.skip.SkipPlan].
@NullMarked
package entropylens.study.skip;

import org.jspecify.annotations.NullMarked;
