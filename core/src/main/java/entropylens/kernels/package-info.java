/// Arithmetic on plain arrays and mapped weights: matrix products, attention dots, activations, and
/// the column statistics of the fused readout.
///
/// Start reading at [Kernels]: the primitives, each specified by [ScalarKernels] and made fast by
/// [VectorKernels]. [Backend] and [Panels] block the products; [WorkerPool] is the only place with
/// threads. Nothing here knows models, layers or tokens.
@NullMarked
package entropylens.kernels;

import org.jspecify.annotations.NullMarked;
