package entropylens.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where the entries of a zip file lie, so that they can be mapped: `java.util.zip` does not tell.
/// Only what torch writes is read: one disk, entries stored without compression, zip64 where the
/// file or an entry is large. Checksums are not compared, for that would read all weights.
///
/// Format: PKWARE's APPNOTE.TXT 6.3.9, sections 4.3 and 4.5.3.
final class ZipArchive {

    /// The bytes of one entry within the file.
    record Entry(String name, long begin, long size) {}

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;

    /// A hundred thousand tensors have a directory of ten megabytes.
    private static final int MAX_DIRECTORY = 64_000_000;

    private static final int ENCRYPTED = 1;
    private static final int ZIP64_EXTRA = 1;
    private static final long IN_ZIP64 = 0xFFFF_FFFFL;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private ZipArchive(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// The entries by name. Each lies within the file, in front of the directory.
    ///
    /// @throws CheckpointException when the file is no zip file, or not of this kind
    static Map<String, Entry> entries(Path file, FileChannel channel) throws IOException {
        var archive = new ZipArchive(file, channel);
        archive.readDirectory(ZipEnd.find(file, channel));
        return Collections.unmodifiableMap(archive.entries);
    }

    private void readDirectory(ZipEnd end) throws IOException {
        if (end.directorySize() > MAX_DIRECTORY) {
            throw damaged("its directory has %,d bytes".formatted(end.directorySize()));
        }
        var directory =
                FileBytes.read(file, channel, end.directoryBegin(), (int) end.directorySize());
        while (directory.hasRemaining()) {
            if (directory.remaining() < CENTRAL_BYTES
                    || directory.getInt(directory.position()) != CENTRAL) {
                throw damaged("entry %d of its directory is none".formatted(entries.size()));
            }
            Entry entry = entry(directory, end.directoryBegin());
            if (entries.put(entry.name, entry) != null) {
                throw damaged("it has two entries named '%s'".formatted(entry.name));
            }
        }
        if (entries.size() != end.entries()) {
            throw damaged(
                    "its directory holds %,d entries, but should hold %,d"
                            .formatted(entries.size(), end.entries()));
        }
    }

    /// Takes one entry off `directory`.
    private Entry entry(ByteBuffer directory, long directoryBegin) throws IOException {
        int at = directory.position();
        int nameBytes = Short.toUnsignedInt(directory.getShort(at + 28));
        int extraBytes = Short.toUnsignedInt(directory.getShort(at + 30));
        int commentBytes = Short.toUnsignedInt(directory.getShort(at + 32));
        if (nameBytes + extraBytes + commentBytes > directory.remaining() - CENTRAL_BYTES) {
            throw damaged("entry %d of its directory is cut off".formatted(entries.size()));
        }
        byte[] nameInFile = new byte[nameBytes];
        directory.get(at + CENTRAL_BYTES, nameInFile);
        String name = new String(nameInFile, StandardCharsets.UTF_8);
        int flags = directory.getShort(at + 8);
        int method = Short.toUnsignedInt(directory.getShort(at + 10));
        if (method != 0 || (flags & ENCRYPTED) != 0) {
            throw new CheckpointException(
                    "%s: its entry '%s' is %s, but torch stores weights as they are; the file was packed again by another program: download the original"
                            .formatted(
                                    file,
                                    name,
                                    method != 0
                                            ? "compressed (method %d)".formatted(method)
                                            : "encrypted"));
        }
        long packed = Integer.toUnsignedLong(directory.getInt(at + 20));
        long size = Integer.toUnsignedLong(directory.getInt(at + 24));
        long local = Integer.toUnsignedLong(directory.getInt(at + 42));
        // in this order, and only those that did not fit: the sizes, then the place
        ByteBuffer large = zip64(name, directory, at + CENTRAL_BYTES + nameBytes, extraBytes);
        size = size == IN_ZIP64 ? large(name, large) : size;
        packed = packed == IN_ZIP64 ? large(name, large) : packed;
        local = local == IN_ZIP64 ? large(name, large) : local;
        if (packed != size) {
            throw damaged("its entry '%s' is stored, but has two sizes".formatted(name));
        }
        directory.position(at + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes);
        return located(name, nameBytes, local, size, directoryBegin);
    }

    private Entry located(String name, int nameBytes, long local, long size, long directoryBegin)
            throws IOException {
        if (local < 0 || local > directoryBegin - LOCAL_BYTES - nameBytes) {
            throw outside(name, local, size, directoryBegin);
        }
        ByteBuffer header = FileBytes.read(file, channel, local, LOCAL_BYTES);
        if (header.getInt(0) != LOCAL || Short.toUnsignedInt(header.getShort(26)) != nameBytes) {
            throw damaged("there is no entry '%s' at offset %,d".formatted(name, local));
        }
        // its extra field is another one than the directory's: torch aligns the data with it
        int extraBytes = Short.toUnsignedInt(header.getShort(28));
        long begin = local + LOCAL_BYTES + nameBytes + extraBytes;
        if (begin > directoryBegin || size < 0 || size > directoryBegin - begin) {
            throw outside(name, begin, size, directoryBegin);
        }
        return new Entry(name, begin, size);
    }

    /// The zip64 part of an entry's extra field; empty if there is none.
    private ByteBuffer zip64(String name, ByteBuffer directory, int begin, int bytes) {
        int at = begin;
        int end = begin + bytes;
        while (at + 4 <= end) {
            int id = Short.toUnsignedInt(directory.getShort(at));
            int length = Short.toUnsignedInt(directory.getShort(at + 2));
            if (length > end - at - 4) {
                throw damaged("the extra field of its entry '%s' is cut off".formatted(name));
            }
            if (id == ZIP64_EXTRA) {
                return directory.slice(at + 4, length).order(ByteOrder.LITTLE_ENDIAN);
            }
            at += 4 + length;
        }
        return ByteBuffer.allocate(0);
    }

    private long large(String name, ByteBuffer zip64) {
        if (zip64.remaining() < Long.BYTES) {
            throw damaged("its entry '%s' has no zip64 field for its size".formatted(name));
        }
        return zip64.getLong();
    }

    private CheckpointException outside(String name, long begin, long size, long directoryBegin) {
        return damaged(
                "its entry '%s' has %s bytes at offset %s, but the file has room for 0..%,d"
                        .formatted(
                                name,
                                Long.toUnsignedString(size),
                                Long.toUnsignedString(begin),
                                directoryBegin));
    }

    private CheckpointException damaged(String what) {
        return new CheckpointException(
                "%s: %s; the file is damaged, download it again".formatted(file, what));
    }
}
