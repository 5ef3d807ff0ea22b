package entropylens.pull;

import entropylens.hub.HubException;
import entropylens.hub.ModelId;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The download of one file into `<etag>.incomplete`, which goes on where an earlier one stopped,
/// and its move to `<etag>` once size and hash are those that the hub announced.
final class Transfer {

    /// Fewer bytes than this are no progress that would justify further attempts without end.
    private static final long PROGRESS = 1 << 20;

    private static final int BUFFER = 1 << 17;
    private static final int NOTED_SIZE = 100_000_000;
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes\\s+(\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    /// The file did not arrive as a whole, but might with another request.
    private static final class Cut extends Exception {
        @Serial private static final long serialVersionUID = 1;

        Cut(String message) {
            super(message);
        }
    }

    private final Hub hub;
    private final ModelId id;
    private final String commit;
    private final RemoteFile file;
    private final Path blob;
    private final Path part;
    private final PullListener listener;
    private final ContentHash hash;
    private long have;

    /// @param blob where the file belongs in the end
    Transfer(
            Hub hub, ModelId id, String commit, RemoteFile file, Path blob, PullListener listener) {
        this.hub = hub;
        this.id = id;
        this.commit = commit;
        this.file = file;
        this.blob = blob;
        this.part = incomplete(blob);
        this.listener = listener;
        this.hash = new ContentHash(file);
    }

    /// Where a blob is until it is complete.
    static Path incomplete(Path blob) {
        return blob.resolveSibling(blob.getFileName() + ".incomplete");
    }

    /// @throws IOException when the cache cannot be written
    /// @throws HubException when the file cannot be had, or is not what was announced
    void run() throws IOException {
        Files.createDirectories(blob.getParent());
        takeUp();
        receiveAll();
        String found = hash.hex();
        if (!found.equals(file.etag())) {
            Files.delete(part);
            throw new HubException(
                    "%s: %s was damaged on its way: its %s should be %s, but is %s; it was deleted, so the next attempt begins anew"
                            .formatted(
                                    id,
                                    file.name(),
                                    file.isSha256() ? "SHA-256" : "git hash",
                                    file.etag(),
                                    found));
        }
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true); // complete under its name also after a power cut
        }
        Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE);
    }

    /// What an earlier attempt left is not fetched again, but it is hashed.
    private void takeUp() throws IOException {
        if (Files.notExists(part)) {
            Files.createFile(part);
        }
        if (Files.size(part) > file.size()) {
            startOver();
        }
        if (Files.size(part) > NOTED_SIZE) {
            listener.note(
                    "%s: checking the %,d MB that are there from an earlier attempt"
                            .formatted(file.name(), Files.size(part) / 1_000_000));
        }
        try (InputStream in = Files.newInputStream(part)) {
            byte[] bytes = new byte[BUFFER];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                hash.update(bytes, count);
                have += count;
            }
        }
        listener.progress(file.name(), have, file.size(), false);
    }

    private void startOver() throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        hash.startOver();
        have = 0;
        listener.progress(file.name(), have, file.size(), false);
    }

    private void receiveAll() throws IOException {
        Retries retries = hub.retries();
        long best = have;
        while (have < file.size()) {
            try {
                receive(retries);
            } catch (Cut cut) {
                if (have >= best + PROGRESS) {
                    best = have;
                    retries.startOver();
                }
                if (have < file.size()) {
                    retries.await(
                            new HubException(
                                    "%s: %s: %s; what has arrived is kept: run the same command again"
                                            .formatted(id, file.name(), cut.getMessage())),
                            Optional.empty());
                }
            }
        }
    }

    private void receive(Retries retries) throws IOException, Cut {
        try (Answer answer = hub.open(id, commit, file, have, retries)) {
            String encoding = answer.header("Content-Encoding").orElse("identity");
            if (!encoding.equalsIgnoreCase("identity")) {
                throw new HubException(
                        "%s: %s sends %s in the encoding '%s', although none was asked for; check the proxy"
                                .formatted(
                                        id,
                                        NetworkReasons.origin(answer.uri()),
                                        file.name(),
                                        encoding));
            }
            long asked = have;
            boolean goesOn = answer.status() == 206 && continues(answer);
            if (!goesOn && have > 0) {
                startOver();
            }
            if (!goesOn && answer.status() != 200) {
                throw new Cut(
                        "the server does not give the bytes from %,d on of the %,d that the hub announced (it answered %d)"
                                .formatted(asked, file.size(), answer.status()));
            }
            append(answer.body());
        }
        if (have < file.size()) {
            throw new Cut(ended());
        }
    }

    private boolean continues(Answer answer) {
        Matcher range = CONTENT_RANGE.matcher(answer.header("Content-Range").orElse("").strip());
        return range.matches()
                && Long.parseLong(range.group(1)) == have
                && (range.group(2).equals("*") || Long.parseLong(range.group(2)) == file.size());
    }

    private void append(InputStream in) throws IOException, Cut {
        byte[] bytes = new byte[BUFFER];
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.APPEND)) {
            for (int count = read(in, bytes); count >= 0; count = read(in, bytes)) {
                if (count > file.size() - have) {
                    Files.delete(part);
                    throw new HubException(
                            "%s: the server sends more for %s than the %,d bytes that the hub announced; it was deleted, since it is not the file that was asked for"
                                    .formatted(id, file.name(), file.size()));
                }
                ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                hash.update(bytes, count);
                have += count;
                listener.progress(file.name(), have, file.size(), true);
            }
        }
    }

    /// To read may fail because of the network, which is another matter than the disk.
    private int read(InputStream in, byte[] bytes) throws Cut {
        try {
            return in.read(bytes);
        } catch (IOException e) {
            throw new Cut(ended() + " (" + NetworkReasons.of(e) + ")");
        }
    }

    private String ended() {
        return "the transfer ended after %,d of %,d bytes".formatted(have, file.size());
    }
}
