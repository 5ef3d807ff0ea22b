package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.DerivedTensor;
import entropylens.checkpoint.ForeignFile;
import entropylens.checkpoint.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where the tensors of a file go among those of Hugging Face.
///
/// @param experts that are one tensor in the file, and one each there
record TensorPlaces(GgufNames names, Arrangement arrangement, Heads heads, Experts experts) {
    /// The tensors that a file gives, under their names there; those without a name keep their own.
    ///
    /// @throws CheckpointException when one is of a type or a shape that is not read
    ForeignFile of(GgufFile file) {
        Found found = new Found(file.path());
        for (GgufTensor tensor : file.tensors()) {
            if (!tensor.name().startsWith("rope_f")) { // read as configuration
                add(tensor, names.of(tensor.name()).orElse(tensor.name()), found);
            }
        }
        return new ForeignFile(file.path(), file.header().bytes(), found.tensors, found.derived);
    }

    private void add(GgufTensor tensor, String name, Found found) {
        if (name.contains(GgufNames.EACH)) {
            experts.require(tensor, found.file);
            for (int expert = 0; expert < experts.count(); expert++) {
                String each = name.replace(GgufNames.EACH, Integer.toString(expert));
                put(tensor.slice(expert), each, found);
            }
        } else {
            // a size of 1 was left out once
            boolean row = name.endsWith("shared_expert_gate.weight") && tensor.shape().size() == 1;
            put(row ? tensor.asRow() : tensor, name, found);
        }
    }

    private void put(GgufTensor tensor, String name, Found found) {
        for (Place place : arrangement.places(name, tensor, heads, found.file)) {
            if (place.isPlain(tensor)) {
                found.add(place.plain(tensor, found.file));
            } else {
                found.add(place.rearranged(tensor, found.file));
            }
        }
    }

    private static final class Found {
        private final Path file;
        private final Map<String, Tensor> tensors = new LinkedHashMap<>();
        private final Map<String, DerivedTensor> derived = new LinkedHashMap<>();

        Found(Path file) {
            this.file = file;
        }

        void add(Tensor tensor) {
            require(!derived.containsKey(tensor.name()), tensor.name());
            require(tensors.put(tensor.name(), tensor) == null, tensor.name());
        }

        void add(DerivedTensor tensor) {
            require(!tensors.containsKey(tensor.name()), tensor.name());
            require(derived.put(tensor.name(), tensor) == null, tensor.name());
        }

        private void require(boolean only, String name) {
            if (!only) {
                throw new CheckpointException(
                        "%s: has two tensors that are both '%s' of Hugging Face; the file is damaged, download it again"
                                .formatted(file, name));
            }
        }
    }
}
