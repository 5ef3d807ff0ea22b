/// The decoder: one forward pass for every family.
///
/// Start reading at [entropylens.model.Decoder]. A [entropylens.model.Model] is immutable and
/// shared by threads; a [entropylens.model.Session] is one sequence with its KV cache; a
/// [entropylens.model.Batch] is some tokens of some sessions. What distinguishes families is data
/// in [entropylens.model.DecoderConfig] and [entropylens.model.Weights]; nothing here knows a
/// configuration key or a tensor name.
@NullMarked
package entropylens.model;

import org.jspecify.annotations.NullMarked;
