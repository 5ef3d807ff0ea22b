package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.INT;
import static entropylens.cuda.driver.NativeLibrary.LONG;

/// What is called of `libcublasLt`, NVIDIA's matrix products.
final class ProductFunctions {
    /// `CUBLAS_STATUS_ALLOC_FAILED`.
    static final int ALLOC_FAILED = 3;

    final NativeFunction create;
    final NativeFunction destroy;
    final NativeFunction descCreate;
    final NativeFunction descSetAttribute;
    final NativeFunction descDestroy;
    final NativeFunction layoutCreate;
    final NativeFunction layoutDestroy;
    final NativeFunction preferenceCreate;
    final NativeFunction preferenceDestroy;
    final NativeFunction preferenceSetAttribute;
    final NativeFunction getHeuristic;
    final NativeFunction matmul;

    private ProductFunctions(NativeLibrary library) {
        create = library.function("cublasLtCreate", LONG);
        destroy = library.function("cublasLtDestroy", LONG);
        descCreate = library.function("cublasLtMatmulDescCreate", LONG, INT, INT);
        descSetAttribute =
                library.function("cublasLtMatmulDescSetAttribute", LONG, INT, LONG, LONG);
        descDestroy = library.function("cublasLtMatmulDescDestroy", LONG);
        layoutCreate = library.function("cublasLtMatrixLayoutCreate", LONG, INT, LONG, LONG, LONG);
        layoutDestroy = library.function("cublasLtMatrixLayoutDestroy", LONG);
        preferenceCreate = library.function("cublasLtMatmulPreferenceCreate", LONG);
        preferenceDestroy = library.function("cublasLtMatmulPreferenceDestroy", LONG);
        preferenceSetAttribute =
                library.function("cublasLtMatmulPreferenceSetAttribute", LONG, INT, LONG, LONG);
        getHeuristic =
                library.function(
                        "cublasLtMatmulAlgoGetHeuristic",
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        INT,
                        LONG,
                        LONG);
        matmul =
                library.function(
                        "cublasLtMatmul",
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        LONG);
    }

    /// @throws CudaException where there is no libcublasLt for the driver
    static ProductFunctions open(LibraryFinder finder, GpuDescription gpu) {
        int version = gpu.driverVersion();
        return NativeLibrary.open(finder, CompilerFunctions.names("libcublasLt.so", version))
                .map(ProductFunctions::new)
                .orElseThrow(() ->
                        CompilerFunctions.missing("libcublasLt", "nvidia-cublas", version, finder));
    }

    /// A status in words, with what it mostly means.
    static String describe(int status) {
        return switch (status) {
            case 1 -> "CUBLAS_STATUS_NOT_INITIALIZED (1)";
            case ALLOC_FAILED -> "CUBLAS_STATUS_ALLOC_FAILED (3)";
            case 7 -> "CUBLAS_STATUS_INVALID_VALUE (7)";
            case 8 -> "CUBLAS_STATUS_ARCH_MISMATCH (8): the library does not know this GPU";
            case 13 -> "CUBLAS_STATUS_EXECUTION_FAILED (13)";
            case 14 -> "CUBLAS_STATUS_INTERNAL_ERROR (14)";
            case 15 -> "CUBLAS_STATUS_NOT_SUPPORTED (15)";
            default -> "status " + status;
        };
    }
}
