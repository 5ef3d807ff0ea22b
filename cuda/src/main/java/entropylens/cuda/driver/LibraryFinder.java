package entropylens.cuda.driver;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Where NVIDIA's libraries may lie: where CUDA, or the packages of it for pip and conda, put them.
final class LibraryFinder {
    /// System property: the one folder where the libraries are looked for, and nowhere else.
    static final String PROPERTY = "entropylens.cuda.libraries";

    private final @Nullable Path only;
    private final List<Path> folders;

    private LibraryFinder(@Nullable Path only, List<Path> folders) {
        this.only = only;
        this.folders = folders;
    }

    /// The places of this machine.
    static LibraryFinder ofMachine() {
        return of(System.getProperty(PROPERTY), System.getenv(), Path.of("/"));
    }

    /// @param only the folder to look in, or null for all places
    /// @param root what `/usr/local/cuda` and the like are looked up under
    static LibraryFinder of(@Nullable String only, Map<String, String> environment, Path root) {
        if (only != null) {
            return new LibraryFinder(Path.of(only), List.of(Path.of(only)));
        }
        Set<Path> found = new LinkedHashSet<>();
        for (String entry : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":", -1)) {
            addFolder(found, entry);
        }
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            String home = environment.get(variable);
            if (home != null && !home.isEmpty()) {
                found.add(Path.of(home, "lib64"));
                found.add(Path.of(home, "lib"));
            }
        }
        addPythons(found, environment);
        String conda = environment.get("CONDA_PREFIX");
        if (conda != null && !conda.isEmpty()) {
            found.add(Path.of(conda, "lib"));
        }
        for (Path toolkit : matching(root.resolve("usr/local"), "cuda*")) {
            found.add(toolkit.resolve("lib64"));
        }
        for (String place :
                List.of(
                        "usr/local/nvidia/lib64",
                        "usr/local/nvidia/lib",
                        "usr/lib/x86_64-linux-gnu",
                        "usr/lib/aarch64-linux-gnu",
                        "usr/lib64",
                        "usr/lib/wsl/lib")) {
            found.add(root.resolve(place));
        }
        return new LibraryFinder(null, List.copyOf(found));
    }

    private static void addFolder(Set<Path> to, String entry) {
        if (!entry.isEmpty()) {
            to.add(Path.of(entry));
        }
    }

    /// `site-packages/nvidia/*/lib` of the Python on the PATH: where pip puts NVIDIA's packages.
    private static void addPythons(Set<Path> to, Map<String, String> environment) {
        Set<Path> prefixes = new LinkedHashSet<>();
        String virtual = environment.get("VIRTUAL_ENV");
        if (virtual != null && !virtual.isEmpty()) {
            prefixes.add(Path.of(virtual));
        }
        for (String entry : environment.getOrDefault("PATH", "").split(":", -1)) {
            for (String name : List.of("python3", "python")) {
                Path python = Path.of(entry.isEmpty() ? "." : entry, name);
                if (Files.isExecutable(python)) {
                    addPrefix(prefixes, python.toAbsolutePath());
                    addPrefix(prefixes, real(python));
                }
            }
        }
        for (Path prefix : prefixes) {
            for (Path version : matching(prefix.resolve("lib"), "python3*")) {
                for (String site : List.of("site-packages", "dist-packages")) {
                    for (Path wheel : matching(version.resolve(site).resolve("nvidia"), "*")) {
                        to.add(wheel.resolve("lib"));
                    }
                }
            }
        }
    }

    private static void addPrefix(Set<Path> prefixes, Path python) {
        Path bin = python.getParent();
        if (bin != null && bin.getParent() != null) {
            prefixes.add(bin.getParent());
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath();
        }
    }

    /// Entries of a folder, the last in the alphabet first, so that a newer version comes before an
    /// older one; none where the folder is missing.
    private static List<Path> matching(Path folder, String glob) {
        TreeSet<Path> found = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            return List.of();
        }
        return List.copyOf(found.descendingSet());
    }

    /// Whether names are to be left to the system's loader first, as they are where no folder is
    /// given.
    boolean asksTheSystem() {
        return only == null;
    }

    /// The files of these names that are there, in the order to try them: names first, then places.
    List<Path> candidates(List<String> names) {
        List<Path> found = new ArrayList<>();
        for (String name : names) {
            for (Path folder : folders) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) {
                    found.add(file.toAbsolutePath());
                }
            }
        }
        return found;
    }

    /// Files beside libnvrtc that it opens itself; none beside another library.
    static List<Path> builtinsBeside(Path library) {
        Path folder = library.getParent();
        return folder != null && library.getFileName().toString().startsWith("libnvrtc.so")
                ? matching(folder, "libnvrtc-builtins.so.*")
                : List.of();
    }

    /// Where was looked, for messages.
    String places() {
        return Optional.ofNullable(only)
                .map(folder -> "-D" + PROPERTY + "=" + folder)
                .orElse(
                        "the system's libraries, LD_LIBRARY_PATH, CUDA_HOME, CUDA_PATH, CONDA_PREFIX, the nvidia packages of the python3 on the PATH, /usr/local/cuda*");
    }
}
