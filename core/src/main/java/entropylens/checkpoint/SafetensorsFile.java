package entropylens.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// One safetensors file, mapped: eight bytes with the header's length, the header, the data.
///
/// @param path the file
/// @param header the header's bytes, as they are mapped
/// @param tensors the tensors by name, in the order of their data
record SafetensorsFile(Path path, MemorySegment header, Map<String, Tensor> tensors)
        implements WeightFile {

    /// The limit of the format's own library.
    private static final long MAX_HEADER = 100_000_000;

    private static final int LENGTH_BYTES = 8;

    /// Checks the file, then maps it into `arena`; a file that is refused is never mapped.
    static SafetensorsFile open(Path file, Arena arena) {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(
                    "%s: is not a file; expected the weights of a model".formatted(file));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            byte[] header = header(file, channel);
            long dataStart = LENGTH_BYTES + (long) header.length;
            var entries = SafetensorsHeader.parse(file, header, channel.size() - dataStart);
            var mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            var tensors = new LinkedHashMap<String, Tensor>();
            for (var entry : entries) {
                MemorySegment data =
                        mapped.asSlice(dataStart + entry.begin(), entry.end() - entry.begin());
                tensors.put(
                        entry.name(),
                        new Tensor(entry.name(), entry.dtype(), entry.shape(), data, file));
            }
            var mappedHeader = mapped.asSlice(LENGTH_BYTES, header.length);
            return new SafetensorsFile(file, mappedHeader, Collections.unmodifiableMap(tensors));
        } catch (IOException e) {
            throw new CheckpointException("%s: cannot be read (%s)".formatted(file, e), e);
        }
    }

    /// What the file says of itself.
    static SortedMap<String, String> metadata(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            byte[] header = header(file, channel);
            long dataStart = LENGTH_BYTES + (long) header.length;
            SortedMap<String, String> metadata = new TreeMap<>();
            SafetensorsHeader.parse(file, header, channel.size() - dataStart, metadata::put);
            return Collections.unmodifiableSortedMap(metadata);
        } catch (IOException e) {
            throw new CheckpointException("%s: cannot be read (%s)".formatted(file, e), e);
        }
    }

    private static byte[] header(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw new CheckpointException(
                    "%s: has %d bytes, but a safetensors file begins with 8 bytes of header length; download it again"
                            .formatted(file, size));
        }
        long length = FileBytes.read(file, channel, 0, LENGTH_BYTES).getLong();
        if (length <= 0 || length > MAX_HEADER || length > size - LENGTH_BYTES) {
            throw new CheckpointException(
                    "%s: its first 8 bytes give the header a length of %s, but %,d are allowed and the file has %,d bytes; this is no safetensors file, or a damaged one (a Git LFS pointer?): download it again"
                            .formatted(file, Long.toUnsignedString(length), MAX_HEADER, size));
        }
        return FileBytes.read(file, channel, LENGTH_BYTES, (int) length).array();
    }

    /// None: the format has no strides.
    @Override
    public Map<String, DerivedTensor> derived() {
        return Map.of();
    }
}
