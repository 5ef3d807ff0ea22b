package entropylens.translators;

import entropylens.checkpoint.CheckpointException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// How far a fit is, in a file: a run that is killed goes on from there, to the same bits. It says
/// of which run it is, and ends with a checksum; a new one takes the place of the old one at once.
/// For the machine that wrote it: numbers have its order of bytes.
///
/// @param file where it is kept
/// @param identity of the run, ASCII: everything that its result depends on
record StateFile(Path file, String identity) {
    private static final String MAGIC = "entropy-lens/state/1";
    private static final int CHUNK = 1 << 16;

    /// @param done steps of the run
    /// @param parts numbers that it has so far
    void save(long done, List<MemorySegment> parts) {
        Path temporary = file.resolveSibling(file.getFileName() + ".part");
        CRC32 sum = new CRC32();
        try {
            try (FileChannel channel =
                            FileChannel.open(
                                    temporary,
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.TRUNCATE_EXISTING,
                                    StandardOpenOption.WRITE);
                    DataOutputStream out =
                            new DataOutputStream(
                                    new CheckedOutputStream(
                                            new BufferedOutputStream(
                                                    Channels.newOutputStream(channel)),
                                            sum))) {
                out.writeUTF(MAGIC);
                out.writeUTF(identity);
                out.writeLong(done);
                for (MemorySegment part : parts) {
                    write(part, out);
                }
                out.writeLong(sum.getValue());
                out.flush();
                channel.force(true);
            }
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file
                            + ": cannot keep how far the fit is; free some space there, or name another file with -o",
                    e);
        }
    }

    private static void write(MemorySegment part, DataOutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (long at = 0; at < part.byteSize(); at += CHUNK) {
            int length = (int) Math.min(CHUNK, part.byteSize() - at);
            MemorySegment.copy(part, ValueLayout.JAVA_BYTE, at, chunk, 0, length);
            out.write(chunk, 0, length);
        }
    }

    /// Reads what [#save] wrote, if anything.
    ///
    /// @param parts of the same sizes, overwritten
    /// @return steps that were done; empty where there is no file
    /// @throws CheckpointException when it is of another run, or damaged
    OptionalLong load(List<MemorySegment> parts) {
        if (!Files.exists(file)) {
            return OptionalLong.empty();
        }
        CRC32 sum = new CRC32();
        try (InputStream plain = new BufferedInputStream(Files.newInputStream(file));
                DataInputStream in = new DataInputStream(new CheckedInputStream(plain, sum))) {
            if (!in.readUTF().equals(MAGIC)) {
                throw new CheckpointException(damaged());
            }
            if (!in.readUTF().equals(identity)) {
                throw new CheckpointException(
                        file
                                + ": is how far another fit was, of another model, other texts or other options; finish that one, or delete the file");
            }
            long done = in.readLong();
            for (MemorySegment part : parts) {
                byte[] chunk = new byte[CHUNK];
                for (long at = 0; at < part.byteSize(); at += CHUNK) {
                    int length = (int) Math.min(CHUNK, part.byteSize() - at);
                    in.readFully(chunk, 0, length);
                    MemorySegment.copy(chunk, 0, part, ValueLayout.JAVA_BYTE, at, length);
                }
            }
            long found = sum.getValue();
            if (in.readLong() != found) {
                throw new CheckpointException(damaged());
            }
            return OptionalLong.of(done);
        } catch (EOFException | UTFDataFormatException e) {
            throw new CheckpointException(damaged(), e);
        } catch (IOException e) {
            throw new CheckpointException(
                    file + ": cannot be read, so the fit cannot go on from it; see who may read it",
                    e);
        }
    }

    private String damaged() {
        return file
                + ": does not say how far a fit was, or is damaged; delete it to begin from the start";
    }

    /// The fit is through.
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be deleted", e);
        }
    }
}
