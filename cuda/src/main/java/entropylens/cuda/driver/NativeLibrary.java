package entropylens.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A shared library that is open for as long as the JVM runs, since what it starts (threads,
/// contexts) cannot be stopped.
final class NativeLibrary {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final String file;
    private final SymbolLookup symbols;

    private NativeLibrary(String file, SymbolLookup symbols) {
        this.file = file;
        this.symbols = symbols;
    }

    /// Opens the first of some names that is found.
    ///
    /// @return empty where there is none
    /// @throws CudaException when files are there, but none of them can be opened
    static Optional<NativeLibrary> open(LibraryFinder finder, List<String> names) {
        List<String> refusals = new ArrayList<>();
        for (String name : names) {
            if (finder.asksTheSystem()) {
                try {
                    return Optional.of(
                            new NativeLibrary(
                                    name, SymbolLookup.libraryLookup(name, Arena.global())));
                } catch (IllegalArgumentException notThere) {
                    // the system's loader does not know it; the places are next
                }
            }
            for (Path candidate : finder.candidates(List.of(name))) {
                try {
                    openHelpers(candidate);
                    return Optional.of(
                            new NativeLibrary(
                                    candidate.toString(),
                                    SymbolLookup.libraryLookup(candidate, Arena.global())));
                } catch (IllegalArgumentException e) {
                    refusals.add(candidate + " (" + e.getMessage() + ")");
                }
            }
        }
        if (!refusals.isEmpty()) {
            throw new CudaException(
                    CudaException.Kind.UNAVAILABLE,
                    "no library could be opened of " + String.join(", ", refusals));
        }
        return Optional.empty();
    }

    /// Opens `libnvrtc-builtins`, which libnvrtc asks the system's loader for by its name when it
    /// compiles: one that is open already is found wherever it lies.
    private static void openHelpers(Path library) {
        for (Path helper : LibraryFinder.builtinsBeside(library)) {
            Objects.requireNonNull(SymbolLookup.libraryLookup(helper, Arena.global()));
        }
    }

    /// A function that returns a status; pointers and handles are passed as longs.
    NativeFunction function(String name, MemoryLayout... arguments) {
        return optional(name, arguments)
                .orElseThrow(() ->
                        new CudaException(
                                CudaException.Kind.UNAVAILABLE,
                                "%s has no function %s: it is too old; version 12 or newer of CUDA is needed"
                                        .formatted(file, name)));
    }

    /// A function that older versions do not have.
    Optional<NativeFunction> optional(String name, MemoryLayout... arguments) {
        return symbols.find(name).map(address -> bind(name, address, arguments));
    }

    private static NativeFunction bind(
            String name, MemorySegment address, MemoryLayout... arguments) {
        return new NativeFunction(
                name,
                Linker.nativeLinker()
                        .downcallHandle(address, FunctionDescriptor.of(INT, arguments)));
    }

    /// The file or name that it was opened by.
    String file() {
        return file;
    }
}
