package entropylens.cuda.driver;

import static entropylens.cuda.driver.NativeLibrary.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Compiles kernels for one architecture, from their source to machine code.
public final class Compiler {
    private final CompiledKernels compiled = CompiledKernels.ofMachine();
    private final CompilerFunctions functions;

    private Compiler(CompilerFunctions functions) {
        this.functions = functions;
    }

    /// @param driverVersion the newest CUDA that the driver speaks: 13000 is 13.0
    static Compiler open(LibraryFinder finder, int driverVersion) {
        return new Compiler(CompilerFunctions.open(finder, driverVersion));
    }

    /// A compiler without a GPU: to see that kernels compile.
    ///
    /// @param version of the compiler: 13000 is 13.0
    /// @throws CudaException where there is no libnvrtc
    public static Compiler withoutGpu(int version) {
        return open(LibraryFinder.ofMachine(), version);
    }

    /// Machine code.
    ///
    /// @param architecture such as `sm_90`
    /// @throws CudaException with the compiler's messages, where it refuses the source
    public byte[] cubin(String name, String source, String architecture, String... options) {
        List<String> madeFrom = new ArrayList<>(List.of(functions.version, architecture, source));
        madeFrom.addAll(List.of(options));
        String key = CompiledKernels.key(madeFrom);
        return compiled.find(key)
                .orElseGet(() -> {
                    byte[] code = compiled(name, source, architecture, options);
                    compiled.keep(key, code);
                    return code;
                });
    }

    private byte[] compiled(String name, String source, String architecture, String... options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(LONG);
            check(
                    functions.createProgram,
                    functions.createProgram.call(
                            out.address(),
                            arena.allocateFrom(source).address(),
                            arena.allocateFrom(name).address(),
                            0,
                            0L,
                            0L),
                    name);
            long program = out.get(LONG, 0);
            try {
                compile(arena, program, name, architecture, options);
                return bytes(arena, program, name);
            } finally {
                int ignored = functions.destroyProgram.call(out.address());
            }
        }
    }

    private void compile(
            Arena arena, long program, String name, String architecture, String... options) {
        MemorySegment pointers = arena.allocate(LONG, options.length + 2L);
        pointers.setAtIndex(
                LONG, 0, arena.allocateFrom("--gpu-architecture=" + architecture).address());
        pointers.setAtIndex(LONG, 1, arena.allocateFrom("--std=c++17").address());
        for (int i = 0; i < options.length; i++) {
            pointers.setAtIndex(LONG, i + 2L, arena.allocateFrom(options[i]).address());
        }
        int status = functions.compileProgram.call(program, options.length + 2, pointers.address());
        if (status != 0) {
            throw new CudaException(
                    CudaException.Kind.FAILED,
                    "%s does not compile for %s (nvrtcCompileProgram gives %d): %s"
                            .formatted(name, architecture, status, log(arena, program, name)));
        }
    }

    private String log(Arena arena, long program, String name) {
        MemorySegment size = arena.allocate(LONG);
        check(functions.getLogSize, functions.getLogSize.call(program, size.address()), name);
        MemorySegment text = arena.allocate(Math.max(1, size.get(LONG, 0)));
        check(functions.getLog, functions.getLog.call(program, text.address()), name);
        return text.getString(0).strip();
    }

    private byte[] bytes(Arena arena, long program, String name) {
        MemorySegment size = arena.allocate(LONG);
        check(functions.getCubinSize, functions.getCubinSize.call(program, size.address()), name);
        MemorySegment code = arena.allocate(Math.max(1, size.get(LONG, 0)));
        check(functions.getCubin, functions.getCubin.call(program, code.address()), name);
        return code.toArray(ValueLayout.JAVA_BYTE);
    }

    private static void check(NativeFunction function, int status, String name) {
        if (status != 0) {
            throw new CudaException(
                    CudaException.Kind.FAILED,
                    "%s of %s gives %d".formatted(function.name(), name, status));
        }
    }
}
