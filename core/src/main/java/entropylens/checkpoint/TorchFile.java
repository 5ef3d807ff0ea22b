package entropylens.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One file of `torch.save`, mapped: a zip file in which `data.pkl` describes the tensors and
/// `data/0`, `data/1` ... hold their bytes. Nothing that the file asks for is executed.
///
/// @param path the file
/// @param header the bytes of `data.pkl`, as they are mapped
/// @param tensors the contiguous tensors; tied ones share their bytes
/// @param derived the other ones: their elements do not lie one after the other
record TorchFile(
        Path path,
        MemorySegment header,
        Map<String, Tensor> tensors,
        Map<String, DerivedTensor> derived)
        implements WeightFile {

    private static final String PICKLE = "data.pkl";

    /// Some 250 bytes describe a tensor.
    private static final int MAX_PICKLE = 32_000_000;

    private static final int ZIP = 0x04034b50;

    /// A pickle of protocol 2 that begins with an integer of ten bytes.
    private static final int LEGACY = 0x0a8a_0280;

    /// Finds the tensors in what a pickle describes.
    @FunctionalInterface
    interface Finder {
        /// @param root the folder of the archive that everything is in
        Map<String, TorchLayout> find(
                String root, Map<String, ZipArchive.Entry> entries, byte[] pickle);
    }

    /// Checks the file, then maps it into `arena`; a file that is refused is never mapped.
    static TorchFile open(Path file, Arena arena) {
        return open(
                file,
                arena,
                (root, entries, pickle) -> TorchLayout.of(file, root, entries, pickle));
    }

    /// The same, of a file that may hold something else than a state dict.
    static TorchFile open(Path file, Arena arena, Finder finder) {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(
                    "%s: is not a file; expected the weights of a model".formatted(file));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            requireZip(file, channel);
            var entries = ZipArchive.entries(file, channel);
            ZipArchive.Entry pickle = pickle(file, entries);
            String root = pickle.name().substring(0, pickle.name().length() - PICKLE.length());
            if (entries.containsKey(root + "constants.pkl")) {
                throw notTorch(file, "is a TorchScript program, not a file of weights");
            }
            requireLittleEndian(file, channel, entries.get(root + "byteorder"));
            byte[] described = read(file, channel, pickle, MAX_PICKLE);
            var layouts = finder.find(root, entries, described);
            var mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            return of(file, mapped, pickle, layouts);
        } catch (IOException e) {
            throw new CheckpointException("%s: cannot be read (%s)".formatted(file, e), e);
        }
    }

    private static TorchFile of(
            Path file,
            MemorySegment mapped,
            ZipArchive.Entry pickle,
            Map<String, TorchLayout> layouts) {
        var tensors = new LinkedHashMap<String, Tensor>();
        var derived = new LinkedHashMap<String, DerivedTensor>();
        layouts.forEach((name, at) -> {
            MemorySegment data = mapped.asSlice(at.begin(), at.bytes());
            if (at.isContiguous()) {
                tensors.put(name, new Tensor(name, at.dtype(), at.shape(), data, file));
            } else {
                derived.put(
                        name,
                        new StridedTensor(name, at.dtype(), at.shape(), at.strides(), data, file));
            }
        });
        return new TorchFile(
                file,
                mapped.asSlice(pickle.begin(), pickle.size()),
                Collections.unmodifiableMap(tensors),
                Collections.unmodifiableMap(derived));
    }

    private static void requireZip(Path file, FileChannel channel) throws IOException {
        int magic =
                channel.size() < Integer.BYTES
                        ? 0
                        : FileBytes.read(file, channel, 0, Integer.BYTES).getInt();
        if (magic == ZIP) {
            return;
        }
        throw new CheckpointException(
                magic == LEGACY
                        ? "%s: is a file of torch before version 1.6 (one pickle, no zip file), which is not read; %s"
                                .formatted(file, advice(file))
                        : "%s: has %,d bytes that do not begin as a file of torch.save (a zip file); this is another format, or damaged (a Git LFS pointer?): download it again"
                                .formatted(file, channel.size()));
    }

    /// `data.pkl`, in the one folder that everything is in: torch names it after the file it wrote.
    private static ZipArchive.Entry pickle(Path file, Map<String, ZipArchive.Entry> entries) {
        var pickles =
                entries.values().stream()
                        .filter(entry -> entry.name().endsWith("/" + PICKLE))
                        .filter(entry -> entry.name().indexOf('/') == entry.name().lastIndexOf('/'))
                        .toList();
        if (pickles.size() != 1) {
            throw notTorch(file, "is a zip file with %d %s".formatted(pickles.size(), PICKLE));
        }
        return pickles.getFirst();
    }

    private static CheckpointException notTorch(Path file, String what) {
        return new CheckpointException(
                "%s: %s; expected a state dict as torch.save writes it: download the model's pytorch_model.bin or model.safetensors"
                        .formatted(file, what));
    }

    private static void requireLittleEndian(
            Path file, FileChannel channel, ZipArchive.@Nullable Entry entry) throws IOException {
        if (entry == null) {
            return; // torch before 2.1 does not say, and was hardly ever run on anything else
        }
        String order = new String(read(file, channel, entry, 100), StandardCharsets.US_ASCII);
        if (!order.equals("little")) {
            throw new CheckpointException(
                    "%s: its bytes are in %s order, but only little-endian weights are read; %s"
                            .formatted(file, shown(order), advice(file)));
        }
    }

    private static byte[] read(Path file, FileChannel channel, ZipArchive.Entry entry, int most)
            throws IOException {
        if (entry.size() > most) {
            throw new CheckpointException(
                    "%s: its entry '%s' has %,d bytes, but at most %,d are allowed; it describes no model, or is damaged: download it again"
                            .formatted(file, shown(entry.name()), entry.size(), most));
        }
        ByteBuffer bytes = FileBytes.read(file, channel, entry.begin(), (int) entry.size());
        return bytes.array();
    }

    /// How to get weights that can be read out of `file`.
    static String advice(Path file) {
        return WeightFormat.TORCH.single().equals(String.valueOf(file.getFileName()))
                ? "convert it with Python: import torch, safetensors.torch as st; st.save_file({k: v.contiguous().clone() for k, v in torch.load('%s', weights_only=True).items()}, '%s')"
                        .formatted(file, file.resolveSibling(WeightFormat.SAFETENSORS.single()))
                : WeightFormat.conversion(file.toAbsolutePath().getParent());
    }

    /// What to do about a file that wants more than tensors.
    static String untrusted() {
        return "nothing in it was run: get the model as safetensors, or a file of tensors alone, from a source that you trust";
    }

    /// `text` from a file, short enough for a message.
    static String shown(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= 100 ? plain : plain.substring(0, 100) + "...";
    }
}
