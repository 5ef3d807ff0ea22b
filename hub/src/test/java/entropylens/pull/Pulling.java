package entropylens.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entropylens.hub.HubException;
import entropylens.hub.HubSettings;
import entropylens.hub.ModelName;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Pulls in tests: what was told, how long it would have waited, and that no secret was told.
final class Pulling implements PullListener {
    final List<String> notes = new ArrayList<>();
    final List<Long> waits = new ArrayList<>();
    final List<String> fetched = new ArrayList<>();
    final List<String> found = new ArrayList<>();
    long missing = -1;

    private final Map<String, String> environment;
    private final Path home;

    Pulling(Map<String, String> environment, Path home) {
        this.environment = environment;
        this.home = home;
    }

    HubSettings settings() {
        return HubSettings.of(environment, home);
    }

    Path pull(String id) {
        return Pull.model(ModelName.parse(id), settings(), this, this::pause);
    }

    private void pause(Duration time) {
        waits.add(time.toSeconds());
    }

    /// The message of a pull that must fail.
    String refused(String id) {
        HubException e = catchThrowableOfType(HubException.class, () -> pull(id));
        assertThat(e).as("the pull should fail").isNotNull();
        StringWriter all = new StringWriter();
        e.printStackTrace(new PrintWriter(all)); // with all causes
        assertNoSecret(all.toString());
        assertNoSecret(notes.toString());
        return String.valueOf(e.getMessage());
    }

    static void assertNoSecret(String text) {
        assertThat(text).doesNotContain(FakeHub.TOKEN, "doNotShow", FakeHub.SIGNATURE, "secretOf");
    }

    @Override
    public void planned(int files, long bytes, long missing) {
        this.missing = missing;
    }

    @Override
    public void finished(String file, long size, boolean fetched) {
        (fetched ? this.fetched : found).add(file);
    }

    @Override
    public void note(String message) {
        notes.add(message);
    }

    /// All files below a folder, relative to it.
    static List<String> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !Files.isDirectory(path))
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
