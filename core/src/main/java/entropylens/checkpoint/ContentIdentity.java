package entropylens.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What tells two trainings of one architecture apart: the bytes of their weights.
final class ContentIdentity {
    /// In the Hugging Face cache, a large file is a link to `blobs/` and the SHA-256 of its
    /// content.
    private static final Pattern BLOB = Pattern.compile("[0-9a-f]{64}");

    private static final int BUFFER = 1 << 20;

    private ContentIdentity() {}

    /// SHA-256 over the names and the SHA-256 of the files, in their order. Every byte is read,
    /// except of files in the Hugging Face cache, whose names there are their SHA-256 already.
    ///
    /// @throws CheckpointException when a file cannot be read
    static String sha256(List<Path> files) {
        MessageDigest all = StrictJson.sha256();
        for (Path file : files) {
            all.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            all.update((byte) 0);
            all.update(ofFile(file).getBytes(StandardCharsets.US_ASCII));
        }
        return HexFormat.of().formatHex(all.digest());
    }

    /// SHA-256 of one file.
    ///
    /// @throws CheckpointException when it cannot be read
    static String ofFile(Path file) {
        return blobName(file).orElseGet(() -> ofBytes(file));
    }

    private static Optional<String> blobName(Path file) {
        if (!Files.isSymbolicLink(file)) {
            return Optional.empty();
        }
        try {
            Path blob = file.toRealPath();
            Path folder = blob.getParent();
            boolean ofCache =
                    folder != null
                            && folder.getFileName() != null
                            && folder.getFileName().toString().equals("blobs");
            String name = blob.getFileName().toString();
            return ofCache && BLOB.matcher(name).matches() ? Optional.of(name) : Optional.empty();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static String ofBytes(Path file) {
        MessageDigest digest = StrictJson.sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static CheckpointException unreadable(Path file, IOException e) {
        return new CheckpointException(
                "%s: cannot be read to tell its weights from others (%s)"
                        .formatted(file, e.getMessage()),
                e);
    }
}
