package entropylens.cuda;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// An emulation of CUDA's libraries, which runs our kernels on the CPU: `src/test/native`, built by
/// g++ the first time that it is asked for.
public final class Emulation {
    private static final String LIBRARIES = "entropylens.cuda.libraries";

    /// So that nothing of the emulation lands in the user's cache.
    private static final String CACHE = "entropylens.cuda.cache";

    private static @Nullable Path built;

    private Emulation() {}

    /// Lets this JVM use the emulation, or whatever libraries `-Dentropylens.cuda.libraries` names.
    /// Skips the test where there is no g++.
    public static void require() {
        if (System.getProperty(LIBRARIES) == null) {
            System.setProperty(LIBRARIES, folder().toString());
            System.setProperty(CACHE, folder().resolve("kernels").toString());
        }
    }

    /// Where the emulation lies, built if it has to be.
    public static synchronized Path folder() {
        Path folder = built;
        if (folder == null) {
            Assumptions.assumeTrue(
                    isInstalled("g++"), "no g++ on the PATH, so no kernel can be run here");
            folder = build();
            built = folder;
        }
        return folder;
    }

    private static Path build() {
        Path module = module();
        Path folder = module.resolve("target/emulation");
        Path script = module.resolve("src/test/native/build.sh");
        try {
            Files.createDirectories(folder);
            Path log = folder.resolve("build.log");
            Process process =
                    new ProcessBuilder("bash", script.toString(), folder.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(script + " failed:\n" + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(script + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(script + " was interrupted", e);
        }
        return folder;
    }

    /// Descriptors of products that were made and not given back.
    public static long descriptors() {
        return (long) call("emu_descriptors", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    }

    /// Calls a function that the emulation has for tests.
    ///
    /// @return what it gives; null where that is nothing
    @SuppressWarnings("restricted") // the emulation is ours
    static Object call(String name, FunctionDescriptor type, Object... arguments) {
        try {
            SymbolLookup library =
                    SymbolLookup.libraryLookup(folder().resolve("libcuda.so.1"), Arena.global());
            MethodHandle function =
                    Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(name + " of the emulation", e);
        }
    }

    /// Whether this JVM's libraries are the emulation.
    public static boolean isUsed() {
        Path folder = built;
        return folder != null && folder.toString().equals(System.getProperty(LIBRARIES));
    }

    /// Whether a program is on the PATH.
    static boolean isInstalled(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /// The folder of this Maven module; tests may run from it or from above it.
    static Path module() {
        Path here = Path.of("").toAbsolutePath();
        Path below = here.resolve("cuda");
        return Files.isDirectory(below.resolve("src/test/native")) ? below : here;
    }
}
