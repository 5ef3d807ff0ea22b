/// NVIDIA's libraries, called through `java.lang.foreign`: the driver (`libcuda`), the compiler of
/// kernels (`libnvrtc`) and matrix products (`libcublasLt`). Nothing here knows models, and of
/// `core` only what a [entropylens.kernels.Precision] is and what a failing device throws.
///
/// Start reading at [Gpu]. [LibraryFinder] says where the libraries are looked for;
/// [DriverFunctions], [CompilerFunctions] and [ProductFunctions] list what is called of each. Every
/// failing call is a [CudaException] that names the call. Enum values and sizes are those of CUDA
/// 13.0's `cuda.h`, `nvrtc.h` and `cublasLt.h`; CUDA 12 has the same.
@NullMarked
package entropylens.cuda.driver;

import org.jspecify.annotations.NullMarked;
