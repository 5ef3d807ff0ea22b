package entropylens.hub;

import entropylens.checkpoint.Remedy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where `huggingface_hub` keeps a model:
///
/// ```
/// models--org--name/blobs/<etag>                    the content of a file
///                   snapshots/<commit>/config.json  a link to ../../blobs/<etag>
///                   refs/main                       the commit of a revision
/// .locks/models--org--name/<etag>.lock
/// ```
///
/// @param root the folder of all models
public record HubCache(Path root) {

    /// A commit, or what stands for one in a cache that was made by other means. It becomes part of
    /// a path.
    private static final Pattern SNAPSHOT = Pattern.compile("\\w[\\w-]{0,99}");

    private static final int LONGEST_REF = 1000;

    /// The folder of a model.
    public Path repository(ModelId id) {
        return root.resolve(id.folder());
    }

    /// The content of a file.
    ///
    /// @param etag its hash
    public Path blob(ModelId id, String etag) {
        return repository(id).resolve("blobs").resolve(etag);
    }

    /// The file that whoever downloads this content locks.
    public Path lock(ModelId id, String etag) {
        return root.resolve(".locks").resolve(id.folder()).resolve(etag + ".lock");
    }

    /// The directory of a model as of a commit.
    public Path snapshot(ModelId id, String commit) {
        return repository(id).resolve("snapshots").resolve(commit);
    }

    /// The file that says which commit the revision has.
    public Path ref(ModelId id) {
        return repository(id).resolve("refs").resolve(id.revision());
    }

    /// The commit that this revision had when it was fetched last; a commit hash is its own.
    ///
    /// @throws HubException when the file that should say so does not
    public Optional<String> commit(ModelId id) {
        if (ModelId.isCommit(id.revision())) {
            return Optional.of(id.revision());
        }
        Path file = ref(id);
        if (!Files.isRegularFile(file)) {
            // the name of a snapshot will do too, as it does for huggingface_hub
            return SNAPSHOT.matcher(id.revision()).matches()
                            && Files.isDirectory(snapshot(id, id.revision()))
                    ? Optional.of(id.revision())
                    : Optional.empty();
        }
        String commit = read(file).strip();
        if (!SNAPSHOT.matcher(commit).matches()) {
            throw new HubException(
                    "%s: should hold a commit hash, but does not".formatted(file),
                    new Remedy.Download(id.toString()));
        }
        return Optional.of(commit);
    }

    private static String read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST_REF), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new HubException("%s: cannot be read (%s)".formatted(file, Reasons.of(e)), e);
        }
    }

    /// The commits of which there are snapshots, sorted.
    public List<String> commits(ModelId id) {
        try (Stream<Path> snapshots = Files.list(repository(id).resolve("snapshots"))) {
            return snapshots
                    .filter(Files::isDirectory)
                    .map(snapshot -> snapshot.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new HubException(
                    "%s: cannot be read (%s)".formatted(repository(id), Reasons.of(e)), e);
        }
    }
}
