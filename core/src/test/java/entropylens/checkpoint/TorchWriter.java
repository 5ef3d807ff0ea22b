package entropylens.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes zip files as torch does, with any pickle and any storages: what torch itself would not
/// write.
final class TorchWriter {

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /// A file with this pickle, in pickletools' order: see [#pickle].
    TorchWriter(byte[] pickle) {
        entries.put("archive/data.pkl", pickle);
    }

    TorchWriter with(String name, byte... bytes) {
        entries.put("archive/" + name, bytes);
        return this;
    }

    /// The zip file, its entries stored.
    byte[] bytes() {
        return bytes(ZipEntry.STORED);
    }

    byte[] bytes(int method) {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.setMethod(method);
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(header(entry.getKey(), entry.getValue()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static ZipEntry header(String name, byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        var header = new ZipEntry(name);
        header.setTime(0);
        header.setSize(bytes.length);
        header.setCrc(crc.getValue());
        return header;
    }

    Path write(Path file) {
        return SafetensorsWriter.write(file, bytes());
    }

    /// Protocol 2, these parts, stop.
    static byte[] pickle(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2});
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        out.write('.');
        return out.toByteArray();
    }

    /// A dict of one tensor: float32, of this storage key and length, offset, sizes and strides.
    static byte[] tensor(String key, long length, long offset, long[] sizes, long[] strides) {
        return pickle(
                op("}"),
                text("w"),
                view(op("ctorch\nFloatStorage\n"), key, length, offset, sizes, strides),
                op("s"));
    }

    static byte[] view(
            byte[] type, String key, long length, long offset, long[] sizes, long[] strides) {
        return join(
                op("ctorch._utils\n_rebuild_tensor_v2\n(("),
                text("storage"),
                type,
                text(key),
                text("cpu"),
                integer(length),
                op("tQ"),
                integer(offset),
                tuple(sizes),
                tuple(strides),
                op("\u0089ccollections\nOrderedDict\n)RtR"));
    }

    static byte[] tuple(long... values) {
        byte[] all = op("(");
        for (long value : values) {
            all = join(all, integer(value));
        }
        return join(all, op("t"));
    }

    /// Instructions, one character each.
    static byte[] op(String instructions) {
        return instructions.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return little(5 + utf8.length).put((byte) 'X').putInt(utf8.length).put(utf8).array();
    }

    static byte[] integer(long value) {
        return little(10).put((byte) 0x8a).put((byte) 8).putLong(value).array();
    }

    static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
