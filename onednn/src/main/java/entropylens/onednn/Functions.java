package entropylens.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import entropylens.kernels.DeviceException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/// The functions of oneDNN's C interface that are called, by their names without `dnnl_`; see its
/// `dnnl.h`.
final class Functions {
    final MethodHandle version;
    final MethodHandle effectiveCpuIsa;
    final MethodHandle engineCreate;
    final MethodHandle streamCreate;
    final MethodHandle attrCreate;
    final MethodHandle attrSetScratchpadMode;
    final MethodHandle descWithStrides;
    final MethodHandle descWithTag;
    final MethodHandle descSize;
    final MethodHandle matmulCreate;
    final MethodHandle reorderCreate;
    final MethodHandle queryDesc;
    final MethodHandle primitiveCreate;
    final MethodHandle memoryCreate;
    final MethodHandle setDataHandle;

    /// `dnnl_primitive_execute`, and one pointer more than it reads: the memory that the call must
    /// keep alive, since a segment that is an argument of a call cannot be unmapped before it
    /// returns. Where arguments travel in registers and the caller cleans up, as on Linux on
    /// x86-64, a function does not notice an argument more.
    final MethodHandle execute;

    /// `omp_set_num_threads`, of the calling thread.
    final MethodHandle setThreads;

    final MethodHandle engineDestroy;
    final MethodHandle streamDestroy;
    final MethodHandle attrDestroy;
    final MethodHandle descDestroy;
    final MethodHandle primitiveDescDestroy;
    final MethodHandle primitiveDestroy;
    final MethodHandle memoryDestroy;

    private final SymbolLookup symbols;
    private final String file;

    /// @param file for messages
    /// @throws DeviceException when a function is not there
    Functions(SymbolLookup symbols, String file) {
        this.symbols = symbols;
        this.file = file;
        version = bind("dnnl_version", FunctionDescriptor.of(ADDRESS));
        effectiveCpuIsa = bind("dnnl_get_effective_cpu_isa", FunctionDescriptor.of(JAVA_INT));
        engineCreate = status("dnnl_engine_create", ADDRESS, JAVA_INT, JAVA_LONG);
        streamCreate = status("dnnl_stream_create", ADDRESS, ADDRESS, JAVA_INT);
        attrCreate = status("dnnl_primitive_attr_create", ADDRESS);
        attrSetScratchpadMode =
                status("dnnl_primitive_attr_set_scratchpad_mode", ADDRESS, JAVA_INT);
        descWithStrides =
                status(
                        "dnnl_memory_desc_create_with_strides",
                        ADDRESS,
                        JAVA_INT,
                        ADDRESS,
                        JAVA_INT,
                        ADDRESS);
        descWithTag =
                status(
                        "dnnl_memory_desc_create_with_tag",
                        ADDRESS,
                        JAVA_INT,
                        ADDRESS,
                        JAVA_INT,
                        JAVA_INT);
        descSize = bind("dnnl_memory_desc_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        matmulCreate =
                status(
                        "dnnl_matmul_primitive_desc_create",
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS);
        reorderCreate =
                status(
                        "dnnl_reorder_primitive_desc_create",
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS);
        queryDesc =
                bind(
                        "dnnl_primitive_desc_query_md",
                        FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
        primitiveCreate = status("dnnl_primitive_create", ADDRESS, ADDRESS);
        memoryCreate = status("dnnl_memory_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        setDataHandle = status("dnnl_memory_set_data_handle", ADDRESS, ADDRESS);
        execute = status("dnnl_primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        setThreads = bind("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
        engineDestroy = status("dnnl_engine_destroy", ADDRESS);
        streamDestroy = status("dnnl_stream_destroy", ADDRESS);
        attrDestroy = status("dnnl_primitive_attr_destroy", ADDRESS);
        descDestroy = status("dnnl_memory_desc_destroy", ADDRESS);
        primitiveDescDestroy = status("dnnl_primitive_desc_destroy", ADDRESS);
        primitiveDestroy = status("dnnl_primitive_destroy", ADDRESS);
        memoryDestroy = status("dnnl_memory_destroy", ADDRESS);
    }

    private MethodHandle status(String name, MemoryLayout... arguments) {
        return bind(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private MethodHandle bind(String name, FunctionDescriptor type) {
        MemorySegment address =
                symbols.find(name)
                        .orElseThrow(() ->
                                new DeviceException(
                                        "%s has no function %s; what is needed is oneDNN 3, built with OpenMP: %s"
                                                .formatted(file, name, LibraryFiles.HOW_TO_GET)));
        return Linker.nativeLinker().downcallHandle(address, type);
    }
}
