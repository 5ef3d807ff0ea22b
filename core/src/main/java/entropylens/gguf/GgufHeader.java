package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;

/// What stands before the weights: a version, the metadata, and where each tensor lies.
///
/// @param bytes of all that
record GgufHeader(MemorySegment bytes, GgufMetadata metadata, List<GgufTensor> tensors) {
    /// `GGUF`, read as a little-endian integer.
    static final int MAGIC = 0x46554747;

    private static final String ALIGNMENT = "general.alignment";
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MAX_ALIGNMENT = 1 << 20;
    private static final int MAX_KEYS = 65_536;
    private static final int MAX_TENSORS = 1_000_000;
    private static final int MAX_NAME = 65_535;
    private static final int MAX_SIZES = 4;

    /// Bytes of a key-value pair at least: a length, a type, a value.
    private static final int LEAST_PAIR = 13;

    /// Bytes of a tensor's entry at least: a length, a number of sizes, a size, a type, an offset.
    private static final int LEAST_TENSOR = 32;

    /// Reads the header of a file that is mapped.
    ///
    /// @throws CheckpointException when it is no GGUF file, of a version that is not read, or
    ///   damaged
    static GgufHeader parse(Path file, MemorySegment mapped) {
        return new Parser(file, mapped).parse();
    }

    private record Entry(String name, GgmlType type, List<Long> shape, long offset, long bytes) {}

    private static final class Parser {
        private final Path file;
        private final MemorySegment mapped;
        private final Bytes bytes;

        Parser(Path file, MemorySegment mapped) {
            this.file = file;
            this.mapped = mapped;
            this.bytes = new Bytes(file, mapped);
        }

        GgufHeader parse() {
            if (bytes.left() < 24 || bytes.i32("the magic") != MAGIC) {
                throw new CheckpointException(
                        "%s: does not begin with GGUF, so it is no GGUF file, or a damaged one (a Git LFS pointer?); download it again"
                                .formatted(file));
            }
            requireVersion();
            long tensors = bytes.count("the number of tensors", 1);
            long pairs = bytes.count("the number of metadata keys", 1);
            GgufMetadata metadata = metadata(bounded(pairs, LEAST_PAIR, MAX_KEYS, "metadata keys"));
            List<Entry> entries = entries(bounded(tensors, LEAST_TENSOR, MAX_TENSORS, "tensors"));
            MemorySegment header = bytes.since(0);
            long alignment = alignment(metadata);
            long data = Math.ceilDiv(bytes.position(), alignment) * alignment;
            checkPlaces(entries, alignment, mapped.byteSize() - data);
            return new GgufHeader(
                    header, metadata, entries.stream().map(entry -> tensor(entry, data)).toList());
        }

        private void requireVersion() {
            int version = bytes.i32("the version");
            if (version == 2 || version == 3) {
                return;
            }
            boolean bigEndian = (version & 0xFFFF) == 0 && version != 0;
            throw new CheckpointException(
                    bigEndian
                            ? "%s: is big-endian GGUF (for s390x and the like), which is not read; download the little-endian file"
                                    .formatted(file)
                            : "%s: is GGUF of version %s, but versions 2 and 3 are read; download a newer file, or convert the original checkpoint again"
                                    .formatted(file, Integer.toUnsignedString(version)));
        }

        private int bounded(long count, int least, int most, String what) {
            if (count > Math.min(most, bytes.left() / least)) {
                throw bytes.damaged(
                        "it says that it has %,d %s, but %,d are the most, and it has %,d bytes left"
                                .formatted(count, what, most, bytes.left()));
            }
            return (int) count;
        }

        private GgufMetadata metadata(int pairs) {
            var values = new LinkedHashMap<String, GgufValue>();
            for (int i = 0; i < pairs; i++) {
                String key = bytes.text("a metadata key", MAX_NAME);
                String what = "'" + key + "'";
                GgufValue value = Values.read(bytes, Values.type(bytes, what), what);
                if (values.putIfAbsent(key, value) != null) {
                    throw bytes.damaged("it has the metadata key '%s' twice".formatted(key));
                }
            }
            return new GgufMetadata(file, values);
        }

        private List<Entry> entries(int count) {
            var entries = new ArrayList<Entry>();
            var names = new HashSet<String>();
            for (int i = 0; i < count; i++) {
                Entry entry = entry();
                if (!names.add(entry.name)) {
                    throw bytes.damaged("it has the tensor '%s' twice".formatted(entry.name));
                }
                entries.add(entry);
            }
            return entries;
        }

        private Entry entry() {
            String name = bytes.text("a tensor's name", MAX_NAME);
            int sizes = bytes.i32("the number of sizes of '%s'".formatted(name));
            if (sizes < 1 || sizes > MAX_SIZES) {
                throw bytes.damaged(
                        "tensor '%s' has %s sizes, but 1 to %d are allowed"
                                .formatted(name, Integer.toUnsignedString(sizes), MAX_SIZES));
            }
            var shape = new ArrayList<Long>();
            for (int i = 0; i < sizes; i++) {
                long size = bytes.i64("a size of '%s'".formatted(name));
                if (size < 1) {
                    throw bytes.damaged(
                            "tensor '%s' has the size %s, which is none"
                                    .formatted(name, Long.toUnsignedString(size)));
                }
                shape.addFirst(size);
            }
            int code = bytes.i32("the type of '%s'".formatted(name));
            GgmlType type = GgmlType.of(code).orElseThrow(() -> unknownType(name, code));
            long offset = bytes.i64("the offset of '%s'".formatted(name));
            return new Entry(name, type, shape, offset, size(name, type, shape));
        }

        private CheckpointException unknownType(String name, int code) {
            return new CheckpointException(
                    "%s: tensor '%s' has the type number %s, which ggml has not, or had once, or has since this program was made; read are %s: download the model in one of these"
                            .formatted(
                                    file, name, Integer.toUnsignedString(code), GgmlType.read()));
        }

        private long size(String name, GgmlType type, List<Long> shape) {
            if (shape.getLast() % type.blockWeights() != 0) {
                throw bytes.damaged(
                        "tensor '%s' has rows of %,d weights, which are no whole number of %s blocks of %d"
                                .formatted(name, shape.getLast(), type, type.blockWeights()));
            }
            try {
                long weights = shape.stream().reduce(1L, Math::multiplyExact);
                return Math.multiplyExact(weights / type.blockWeights(), (long) type.blockBytes());
            } catch (ArithmeticException e) {
                throw bytes.damaged(
                        "tensor '%s' has the shape %s, which overflows 63 bits"
                                .formatted(name, shape));
            }
        }

        private long alignment(GgufMetadata metadata) {
            int alignment = metadata.integer(ALIGNMENT).orElse(DEFAULT_ALIGNMENT);
            if (alignment < 1 || alignment > MAX_ALIGNMENT || Integer.bitCount(alignment) != 1) {
                throw bytes.damaged(
                        "its %s is %d, which is no power of two up to %,d"
                                .formatted(ALIGNMENT, alignment, MAX_ALIGNMENT));
            }
            return alignment;
        }

        /// Every tensor begins aligned, ends within the data, and lies over no other.
        private void checkPlaces(List<Entry> entries, long alignment, long available) {
            var inOrder = new ArrayList<>(entries);
            inOrder.sort(Comparator.comparingLong(Entry::offset));
            long end = 0;
            for (Entry entry : inOrder) {
                if (entry.offset < end || entry.offset % alignment != 0) {
                    throw bytes.damaged(
                            "tensor '%s' begins at offset %s of the data, but the one before it ends at %,d, and every one begins at a multiple of %d"
                                    .formatted(
                                            entry.name,
                                            Long.toUnsignedString(entry.offset),
                                            end,
                                            alignment));
                }
                if (entry.offset > available || entry.bytes > available - entry.offset) {
                    throw bytes.damaged(
                            "tensor '%s' has %,d bytes from offset %,d on, but the file has room for %,d; it is truncated, or its header is wrong"
                                    .formatted(
                                            entry.name,
                                            entry.bytes,
                                            entry.offset,
                                            Math.max(0, available)));
                }
                end = entry.offset + entry.bytes;
            }
        }

        private GgufTensor tensor(Entry entry, long data) {
            return new GgufTensor(
                    entry.name,
                    entry.type,
                    entry.shape,
                    entry.offset,
                    entry.bytes,
                    mapped.asSlice(data + entry.offset, entry.bytes));
        }
    }
}
