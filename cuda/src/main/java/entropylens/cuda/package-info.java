/// Models on NVIDIA GPUs. Found by `--device cuda`; nothing here is loaded unless it is asked for.
///
/// Start reading at [CudaBackend]: products on the device for every model.
/// [entropylens.cuda.driver] calls NVIDIA's libraries.
@NullMarked
package entropylens.cuda;

import org.jspecify.annotations.NullMarked;
