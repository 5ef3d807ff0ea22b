package entropylens.onednn;

import entropylens.kernels.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Where oneDNN's library is: a file that the user names, or the Maven artefact with the library
/// inside, which is unpacked once into the user's cache.
final class LibraryFiles {
    /// System property: the library, or a jar that has it inside.
    static final String PROPERTY = "entropylens.onednn.library";

    private static final String VERSION = "3.11-1.5.13";
    private static final String JAR = "dnnl-%s-linux-x86_64.jar".formatted(VERSION);
    private static final String FOLDER = "org/bytedeco/dnnl/linux-x86_64/";
    private static final String LIBRARY = "libdnnl.so.3";

    /// The library, and the OpenMP runtime that it needs, which it finds beside itself.
    private static final List<String> UNPACKED = List.of("libgomp.so.1", LIBRARY);

    /// How the library comes onto a machine.
    static final String HOW_TO_GET =
            "./mvnw dependency:get -Dartifact=org.bytedeco:dnnl:%s:jar:linux-x86_64 -Dtransitive=false fetches it (27 MB), or name a libdnnl.so.3 with -D%s=FILE in ENTROPY_LENS_JAVA_OPTS"
                    .formatted(VERSION, PROPERTY);

    private LibraryFiles() {}

    /// A library that can be opened.
    ///
    /// @throws DeviceException when there is none
    static Path library() {
        Path found = place().orElseThrow(() -> new DeviceException(absent()));
        return found.toString().endsWith(".jar") ? unpacked(found) : found;
    }

    /// For people: where it is, or that it is not there.
    static String found() {
        return place().map(Path::toString).orElse("libdnnl.so.3 is not here");
    }

    /// The library, or the jar that has it inside.
    private static Optional<Path> place() {
        String named = System.getProperty(PROPERTY);
        Path place = named == null ? inMavensRepository() : Path.of(named);
        return Files.isRegularFile(place) ? Optional.of(place) : Optional.empty();
    }

    private static String absent() {
        String named = System.getProperty(PROPERTY);
        return named == null
                ? "oneDNN is not here (no %s); %s".formatted(inMavensRepository(), HOW_TO_GET)
                : "oneDNN is not here: -D%s names %s, which is no file".formatted(PROPERTY, named);
    }

    private static Path inMavensRepository() {
        String repository = System.getProperty("maven.repo.local");
        Path root =
                repository == null
                        ? Path.of(System.getProperty("user.home"), ".m2", "repository")
                        : Path.of(repository);
        return root.resolve("org/bytedeco/dnnl").resolve(VERSION).resolve(JAR);
    }

    /// The library of a jar, in the user's cache. A folder is named after the jar's size too, so
    /// that one of another origin is not mistaken for it.
    private static Path unpacked(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
            Path folder = cache().resolve(name + "-" + Files.size(jar));
            Files.createDirectories(folder);
            for (String file : UNPACKED) {
                ZipEntry entry = zip.getEntry(FOLDER + file);
                if (entry == null) {
                    throw new DeviceException(
                            "%s: there is no %s%s inside; it is not the jar of oneDNN for Linux on x86-64"
                                    .formatted(jar, FOLDER, file));
                }
                unpack(zip, entry, folder.resolve(file));
            }
            return folder.resolve(LIBRARY);
        } catch (IOException e) {
            throw new DeviceException(
                    "oneDNN could not be unpacked from %s into %s: %s"
                            .formatted(jar, cache(), e.getMessage()),
                    e);
        }
    }

    /// Written beside and renamed, so that another process never sees half a file.
    private static void unpack(ZipFile zip, ZipEntry entry, Path to) throws IOException {
        if (Files.isRegularFile(to) && Files.size(to) == entry.getSize()) {
            return;
        }
        Path half = Files.createTempFile(to.getParent(), "unpacking", null);
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, half, StandardCopyOption.REPLACE_EXISTING);
            Files.move(half, to, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    private static Path cache() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path root =
                home == null || home.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(home);
        return root.resolve("entropy-lens").resolve("onednn");
    }
}
