package entropylens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipArchiveTest {

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;

    @TempDir Path directory;

    private Map<String, ZipArchive.Entry> entries(byte[] bytes) throws IOException {
        Path file = SafetensorsWriter.write(directory.resolve("x.bin"), bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return ZipArchive.entries(file, channel);
        }
    }

    private void refuses(byte[] bytes, String... saying) {
        assertThatThrownBy(() -> entries(bytes))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("x.bin: ")
                .hasMessageContainingAll(saying);
    }

    /// Two entries, "archive/data.pkl" with three bytes and "archive/b" with five.
    private static byte[] good() {
        return new TorchWriter(new byte[3]).with("b", new byte[] {1, 2, 3, 4, 5}).bytes();
    }

    private static int find(byte[] bytes, int signature, int which) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int seen = 0;
        for (int i = 0; i + 4 <= bytes.length; i++) {
            if (buffer.getInt(i) == signature && seen++ == which) {
                return i;
            }
        }
        throw new AssertionError("no such record");
    }

    private static byte[] with(byte[] bytes, int at, int... values) {
        byte[] changed = bytes.clone();
        for (int i = 0; i < values.length; i++) {
            changed[at + i] = (byte) values[i];
        }
        return changed;
    }

    @Test
    void entriesAreFoundThroughTheDirectory() throws IOException {
        byte[] good = good();
        var entry = entries(good).get("archive/b");
        assertThat(entry.size()).isEqualTo(5);
        assertThat(good[(int) entry.begin()]).isEqualTo((byte) 1);
        assertThat(good[(int) entry.begin() + 4]).isEqualTo((byte) 5);
    }

    @Test
    void aCommentAtTheEndIsSkipped() throws IOException {
        byte[] good = good();
        byte[] longer = Arrays.copyOf(good, good.length + 1000);
        assertThat(entries(with(longer, good.length - 2, 0xE8, 3))).hasSize(2);
        refuses(longer, "it is truncated");
    }

    @Test
    void damagedRecordsAreRefusedByTheirReason() {
        byte[] good = good();
        int first = find(good, CENTRAL, 0);
        int second = find(good, CENTRAL, 1);
        int end = good.length - 22;
        refuses(with(good, first + 8, 1), "'archive/data.pkl' is encrypted");
        refuses(with(good, first + 10, 8), "'archive/data.pkl' is compressed (method 8)");
        refuses(with(good, first + 20, 9), "is stored, but has two sizes");
        refuses(with(good, first + 28, 0xFF, 0xFF), "entry 0 of its directory is cut off");
        refuses(
                with(good, first + 30, 4),
                "the extra field of its entry 'archive/data.pkl' is cut off");
        refuses(with(good, second, 0), "entry 1 of its directory is none");
        refuses(with(good, second + 42, 1), "there is no entry 'archive/b' at offset");
        refuses(with(good, second + 45, 0x7F), "'archive/b' has 5 bytes at offset 21");
        refuses(with(good, second + 20, 99, 0, 0, 0, 99), "'archive/b' has 99 bytes at offset");
        refuses(
                with(good, second + 20, 255, 255, 255, 255, 255, 255, 255, 255),
                "has no zip64 field");
        refuses(with(good, end + 4, 1), "one of several parts");
        refuses(with(good, end + 10, 3), "its directory holds 2 entries, but should hold 3");
        refuses(with(good, end + 19, 0x7F), "its directory should have");
        refuses(with(good, end + 12, 255, 255, 255, 127), "its directory should have 2147483647");
        int local = find(good, LOCAL, 1);
        refuses(with(good, local + 28, 0xFF, 0xFF), "'archive/b' has 5 bytes at offset");
    }

    @Test
    void twoEntriesOfOneNameAreRefused() {
        byte[] bytes = new TorchWriter(new byte[3]).with("data.pkk", new byte[1]).bytes();
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == 'k' && bytes[i + 1] == 'k') {
                bytes[i + 1] = 'l';
            }
        }
        refuses(bytes, "two entries named 'archive/data.pkl'");
    }

    @Test
    void entriesAndFilesBeyondFourGibibytesAreMapped() throws IOException {
        long big = (1L << 32) + 64;
        byte[] pickle =
                TorchWriter.pickle(
                        TorchWriter.op("}("),
                        TorchWriter.text("big"),
                        storage("0", big / 4),
                        TorchWriter.text("after"),
                        storage("1", 2),
                        TorchWriter.op("u"));
        Path file = directory.resolve("pytorch_model.bin");
        try (var zip = new SparseZip(file)) {
            zip.entry("m/data.pkl", pickle, pickle.length);
            zip.entry("m/data/0", new byte[0], big);
            zip.entry("m/data/1", new byte[] {0, 0, (byte) 0x80, 0x3F, 0, 0, 0, 0x40}, 8);
        }
        assertThat(Files.size(file)).isGreaterThan(big);
        try (Arena arena = Arena.ofConfined()) {
            Checkpoint torch = Checkpoint.open(directory, arena);
            assertThat(torch.require("big", big / 4).data().byteSize()).isEqualTo(big);
            var after = torch.require("after", 2).data();
            assertThat(after.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).containsExactly(1, 2);
        }
    }

    private static byte[] storage(String key, long length) {
        return TorchWriter.view(
                TorchWriter.op("ctorch\nFloatStorage\n"),
                key,
                length,
                0,
                new long[] {length},
                new long[] {1});
    }

    /// A zip64 file with holes where nothing is written; every number is in its zip64 field.
    private static final class SparseZip implements AutoCloseable {

        private final FileChannel channel;
        private final ByteBuffer directory =
                ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        private long entries;

        SparseZip(Path file) throws IOException {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }

        void entry(String name, byte[] bytes, long size) throws IOException {
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            long local = channel.position();
            write(little(30).putInt(LOCAL).putShort(26, (short) utf8.length).rewind());
            write(ByteBuffer.wrap(utf8));
            long begin = channel.position();
            write(ByteBuffer.wrap(bytes));
            channel.position(begin + size);
            directory.putInt(CENTRAL).put(new byte[16]).putInt(-1).putInt(-1);
            directory.putShort((short) utf8.length).putShort((short) (9 + 28)).put(new byte[10]);
            directory.putInt(-1).put(utf8);
            directory.putShort((short) 0x7777).putShort((short) 5).put(new byte[5]);
            directory.putShort((short) 1).putShort((short) 24);
            directory.putLong(size).putLong(size).putLong(local);
            entries++;
        }

        @Override
        public void close() throws IOException {
            long begin = channel.position();
            write(directory.flip());
            long end64 = channel.position();
            write(
                    little(56)
                            .putInt(0x06064b50)
                            .putLong(32, entries)
                            .putLong(40, end64 - begin)
                            .putLong(48, begin)
                            .rewind());
            write(little(20).putInt(0x07064b50).putLong(8, end64).rewind());
            write(little(22).putInt(0x06054b50).putLong(8, -1).putInt(16, -1).rewind());
            channel.close();
        }

        private void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        private static ByteBuffer little(int bytes) {
            return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
