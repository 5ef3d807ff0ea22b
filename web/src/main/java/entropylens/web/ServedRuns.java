package entropylens.web;

import entropylens.data.DataException;
import entropylens.data.RunBrowser;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The runs that the explorer was started with, by the names of their directories, and no others.
final class ServedRuns implements AutoCloseable {
    private final Map<String, RunBrowser> runs = new LinkedHashMap<>();
    private final Map<String, Path> places = new LinkedHashMap<>();

    /// @throws DataException when a directory holds no run, or a damaged one
    /// @throws IllegalArgumentException when two have one name
    @SuppressWarnings("MustBeClosed") // close() closes them
    ServedRuns(List<Path> directories) {
        try {
            for (Path directory : directories) {
                add(directory);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void add(Path directory) {
        // as a whole, so that nothing but it is taken out of a message
        Path place = directory.toAbsolutePath().normalize();
        String name = String.valueOf(place.getFileName());
        if (runs.containsKey(name)) {
            throw new IllegalArgumentException(
                    "--run: two directories are called %s; rename one of them".formatted(name));
        }
        runs.put(name, RunBrowser.open(place));
        places.put(name, place);
    }

    Set<String> names() {
        return runs.keySet();
    }

    /// Asks a run.
    ///
    /// @throws ApiException when there is none of this name, or what it is asked for is not there
    <T> T ask(String name, Function<RunBrowser, T> question) {
        RunBrowser run = runs.get(name);
        if (run == null) {
            throw new ApiException(
                    ApiException.UNKNOWN,
                    "there is no run '%s' here; there are: %s"
                            .formatted(name, String.join(", ", names())));
        }
        try {
            return question.apply(run);
        } catch (DataException e) {
            throw new ApiException(ApiException.IMPOSSIBLE, withoutPlace(e, name));
        }
    }

    /// Whoever asks need not know where it lies.
    private String withoutPlace(DataException e, String name) {
        return (e.getMessage() + "").replace(String.valueOf(places.get(name)), name);
    }

    @Override
    public void close() {
        runs.values().forEach(RunBrowser::close);
        runs.clear();
    }
}
