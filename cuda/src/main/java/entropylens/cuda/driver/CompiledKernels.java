package entropylens.cuda.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Kernels that were compiled before, in memory and on the disk: compiling takes seconds, and what
/// comes out depends on nothing but what goes in.
///
/// They lie in `entropy-lens/cuda` of `XDG_CACHE_HOME`, or else of `~/.cache`, a file for each,
/// named by the hash of all that it was made from. What cannot be written is compiled again next
/// time.
final class CompiledKernels {
    /// System property: another folder.
    static final String PROPERTY = "entropylens.cuda.cache";

    private static final Map<String, byte[]> IN_MEMORY = new ConcurrentHashMap<>();

    private final Path folder;

    CompiledKernels(Path folder) {
        this.folder = folder;
    }

    static CompiledKernels ofMachine() {
        String asked = System.getProperty(PROPERTY);
        if (asked != null) {
            return new CompiledKernels(Path.of(asked));
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        Path root =
                cache == null || cache.isEmpty()
                        ? Path.of(System.getProperty("user.home", "."), ".cache")
                        : Path.of(cache);
        return new CompiledKernels(root.resolve("entropy-lens").resolve("cuda"));
    }

    /// The name of what is made from these words.
    static String key(List<String> madeFrom) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : madeFrom) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    Optional<byte[]> find(String key) {
        byte[] known = IN_MEMORY.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            byte[] stored = Files.readAllBytes(file(key));
            IN_MEMORY.put(key, stored);
            return Optional.of(stored);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Keeps what was compiled. Written beside and moved, so that nobody reads half of it.
    void keep(String key, byte[] code) {
        IN_MEMORY.put(key, code);
        try {
            Files.createDirectories(folder);
            Path half = Files.createTempFile(folder, key.substring(0, 8), ".half");
            try {
                Files.write(half, code);
                Files.move(half, file(key), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(half);
            }
        } catch (IOException e) {
            // a full or read-only disk costs the time to compile again
        }
    }

    /// Forgets what turned out to be of no use.
    void forget(String key) {
        IN_MEMORY.remove(key);
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            // it is overwritten next
        }
    }

    private Path file(String key) {
        return folder.resolve(key + ".cubin");
    }
}
