package entropylens.checkpoint;

import entropylens.checkpoint.Pickled.Dict;
import entropylens.checkpoint.Pickled.View;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where in a torch file the bytes of one tensor lie.
///
/// @param begin the offset in the file of its first element
/// @param bytes from its first element to its last
/// @param strides how many elements lie between neighbours, per size
record TorchLayout(DType dtype, List<Long> shape, List<Long> strides, long begin, long bytes) {

    /// All tensors of the state dict that `pickle` describes. Each lies within its storage.
    ///
    /// @param root the folder of the archive that everything is in
    /// @throws CheckpointException when it is no state dict, or a tensor does not fit
    static Map<String, TorchLayout> of(
            Path file, String root, Map<String, ZipArchive.Entry> entries, byte[] pickle) {
        if (!(Unpickler.read(file, pickle) instanceof Dict state) || !state.numbered().isEmpty()) {
            throw new CheckpointException(
                    "%s: holds no dict of tensors by name; expected the state dict of a model"
                            .formatted(file));
        }
        var layouts = new LinkedHashMap<String, TorchLayout>();
        state.entries()
                .forEach((name, value) -> {
                    if (!(value instanceof View view)) {
                        throw new CheckpointException(
                                "%s: '%s' is %s, but the state dict of a model holds tensors only; is this a training checkpoint? Then save the state dict in it by itself"
                                        .formatted(
                                                file, TorchFile.shown(name), Pickled.kind(value)));
                    }
                    layouts.put(name, of(file, name, view, root, entries));
                });
        return layouts;
    }

    /// One tensor. It lies within its storage.
    ///
    /// @throws CheckpointException when it does not fit
    static TorchLayout of(
            Path file, String name, View view, String root, Map<String, ZipArchive.Entry> entries) {
        return new Placing(file, name, view, root, entries).layout();
    }

    /// Whether the elements lie one after the other, row by row; strides of single rows do not
    /// count.
    boolean isContiguous() {
        if (shape.contains(0L)) {
            return true;
        }
        long expected = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            if (shape.get(i) != 1 && strides.get(i) != expected) {
                return false;
            }
            expected *= shape.get(i);
        }
        return true;
    }

    private record Placing(
            Path file, String name, View view, String root, Map<String, ZipArchive.Entry> entries) {

        TorchLayout layout() {
            try {
                ZipArchive.Entry storage = storage();
                long width = view.dtype().bytes();
                long bytes = Math.multiplyExact(extent(), width);
                long offset = Math.multiplyExact(view.offset(), width);
                if (offset > storage.size() || bytes > storage.size() - offset) {
                    throw damaged(
                            "needs %,d bytes from %,d on, but its storage '%s' has %,d"
                                    .formatted(bytes, offset, storage.name(), storage.size()));
                }
                return new TorchLayout(
                        view.dtype(),
                        view.shape(),
                        view.strides(),
                        storage.begin() + offset,
                        bytes);
            } catch (ArithmeticException _) {
                throw damaged("overflows 63 bits");
            }
        }

        private ZipArchive.Entry storage() {
            var storage = view.storage();
            ZipArchive.Entry entry = entries.get(root + "data/" + storage.key());
            if (entry == null) {
                throw damaged(
                        "lies in the storage '%s', which is not in the file"
                                .formatted(TorchFile.shown(storage.key())));
            }
            long width = storage.dtype() == null ? 1 : storage.dtype().bytes();
            long bytes = Math.multiplyExact(storage.length(), width);
            if (bytes != entry.size()) {
                throw damaged(
                        "lies in the storage '%s', which should have %,d bytes, but has %,d"
                                .formatted(entry.name(), bytes, entry.size()));
            }
            return entry;
        }

        /// How many elements of the storage lie from the first to the last.
        private long extent() {
            long elements = 1;
            long last = 0;
            for (int i = 0; i < view.shape().size(); i++) {
                long size = view.shape().get(i);
                elements = Math.multiplyExact(elements, size);
                long step = Math.multiplyExact(Math.max(0, size - 1), view.strides().get(i));
                last = Math.addExact(last, step);
            }
            Math.multiplyExact(elements, view.dtype().bytes());
            return elements == 0 ? 0 : Math.addExact(last, 1);
        }

        private CheckpointException damaged(String what) {
            return new CheckpointException(
                    "%s: tensor '%s' is %s%s and %s; the file is damaged, download it again"
                            .formatted(
                                    file, TorchFile.shown(name), view.dtype(), view.shape(), what));
        }
    }
}
