/// The instrument: residual rows in, statistics of their next-token distributions out.
///
/// Start reading at [entropylens.lens.LogitLens], the fused readout; [entropylens.lens.Profiler]
/// drives a model and collects the rows; [entropylens.lens.EntropyProfile] is what studies are made
/// of. Definitions: docs/method.md.
@NullMarked
package entropylens.lens;

import org.jspecify.annotations.NullMarked;
