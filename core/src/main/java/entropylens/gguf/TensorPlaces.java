package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.DerivedTensor;
import entropylens.checkpoint.ForeignFile;
import entropylens.checkpoint.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Where the tensors of a file go among those of Hugging Face.
///
/// @param experts that are one tensor in the file, and one each there
/// @param blocks how many there are; what is beyond is left out
/// @param joint two tensors that are one there
/// @param valueHeads of delta nets, which are in another order there
/// @param all tensors of all files, by the names that they have there
/// @param fromMetadata further tensors of the first file
record TensorPlaces(
        GgufNames names,
        Arrangement arrangement,
        Heads heads,
        Experts experts,
        int blocks,
        Joint joint,
        ValueHeads valueHeads,
        Map<String, GgufTensor> all,
        List<DerivedTensor> fromMetadata) {
    private static final String GATE_AND_UP = ".gate_up_proj.weight";
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,6})\\..*");

    /// The tensors that a file gives, under their names there; those without a name keep their own.
    ///
    /// @throws CheckpointException when one is of a type or a shape that is not read
    ForeignFile of(GgufFile file) {
        Found found = new Found(file.path());
        fromMetadata.stream().filter(t -> t.file().equals(file.path())).forEach(found::add);
        for (GgufTensor tensor : file.tensors()) {
            boolean configures = tensor.name().startsWith("rope_f");
            if (!configures && !isBeyond(tensor.name()) && !isPart(tensor, found)) {
                add(tensor, names.of(tensor.name()).orElse(tensor.name()), found);
            }
        }
        return new ForeignFile(file.path(), file.header().bytes(), found.tensors, found.derived);
    }

    /// Whether it belongs to a block for multi-token prediction.
    private boolean isBeyond(String tensor) {
        Matcher block = BLOCK.matcher(tensor);
        return block.matches() && Integer.parseInt(block.group(1)) >= blocks;
    }

    /// Adds the tensor that this one is the first part of; whether it is a part of one.
    private boolean isPart(GgufTensor tensor, Found found) {
        Matcher block = BLOCK.matcher(tensor.name());
        if (!block.matches()) {
            return false;
        }
        String prefix = "blk." + block.group(1) + ".";
        GgufTensor first = all.get(prefix + joint.first());
        GgufTensor second = all.get(prefix + joint.second());
        Optional<String> whole = names.of(prefix + joint.whole());
        if (first == null || second == null || whole.isEmpty()) {
            return false;
        }
        if (tensor.name().equals(first.name())) {
            found.add(joint.joiner().join(whole.get(), first, second, found.file));
            return true;
        }
        return tensor.name().equals(second.name());
    }

    private void add(GgufTensor tensor, String name, Found found) {
        if (name.contains(GgufNames.EACH)) {
            experts.require(tensor, found.file);
            for (int expert = 0; expert < experts.count(); expert++) {
                String each = name.replace(GgufNames.EACH, Integer.toString(expert));
                if (name.endsWith(GATE_AND_UP)) {
                    gateAndUp(tensor.slice(expert), each, found);
                } else {
                    put(tensor.slice(expert), each, found);
                }
            }
        } else if (name.endsWith(".A_log")) {
            GgufTensor decay = Sizes.published(name, tensor);
            Place place = valueHeads.ordered(Place.named(name), decay, found.file);
            found.add(new LogarithmsOfDecay(place, decay, found.file));
        } else {
            put(Sizes.published(name, tensor), name, found);
        }
    }

    /// One matrix of two, that are two there.
    private void gateAndUp(GgufTensor tensor, String name, Found found) {
        int half = Math.toIntExact(tensor.shape().getFirst() / 2);
        int[] gate = IntStream.range(0, half).toArray();
        int[] up = IntStream.range(half, 2 * half).toArray();
        String gateName = name.replace(GATE_AND_UP, ".gate_proj.weight");
        String upName = name.replace(GATE_AND_UP, ".up_proj.weight");
        found.add(Place.named(gateName).withRows(gate).rearranged(tensor, found.file));
        found.add(Place.named(upName).withRows(up).rearranged(tensor, found.file));
    }

    private void put(GgufTensor tensor, String name, Found found) {
        for (Place arranged : arrangement.places(name, tensor, heads, found.file)) {
            Place place = valueHeads.ordered(arranged, tensor, found.file);
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
