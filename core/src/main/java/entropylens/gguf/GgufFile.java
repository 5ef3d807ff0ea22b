package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// One GGUF file, mapped.
///
/// @param path the file
/// @param header what stands before its weights
record GgufFile(Path path, GgufHeader header) {
    /// How the names of these files end.
    static final String SUFFIX = ".gguf";

    /// Maps a file into `arena`, and reads its header.
    ///
    /// @throws CheckpointException when it is not there, no GGUF file, or damaged
    static GgufFile open(Path file, Arena arena) {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(
                    "%s: is not a file; expected a model in GGUF".formatted(file));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            return new GgufFile(file, GgufHeader.parse(file, mapped));
        } catch (IOException e) {
            throw new CheckpointException("%s: cannot be read (%s)".formatted(file, e), e);
        }
    }

    GgufMetadata metadata() {
        return header.metadata();
    }

    List<GgufTensor> tensors() {
        return header.tensors();
    }

    /// Whether a path is a GGUF file, by its name or by how it begins: Ollama's have other names.
    static boolean is(Path path) {
        return Files.isRegularFile(path)
                && (path.toString().endsWith(SUFFIX) || beginsLikeOne(path));
    }

    private static boolean beginsLikeOne(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] first = in.readNBytes(Integer.BYTES);
            return first.length == Integer.BYTES
                    && ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getInt()
                            == GgufHeader.MAGIC;
        } catch (IOException _) {
            return false; // whoever opens it says why
        }
    }
}
