package entropylens.family;

import entropylens.checkpoint.Checkpoint;
import java.util.List;
import java.util.stream.Stream;

/// The names that a family's tensors have in a file. A checkpoint that was saved from the stack
/// alone leaves out the stack's prefix (`layers.0` for `model.layers.0`), and one that was saved
/// from a wrapper says it once too often; transformers reads both, in every family.
///
/// @param checkpoint the file
/// @param prefix of the stack in transformers (`base_model_prefix`), with its dot
/// @param unembeds names that W_U may have, without `.weight`
record TensorNames(Checkpoint checkpoint, String prefix, List<String> unembeds) {

    TensorNames(Checkpoint checkpoint, Family family) {
        this(checkpoint, family.prefix(), family.unembeds());
    }

    /// The name in the file of the tensor that transformers calls `name`; `name` itself where there
    /// is none.
    String inFile(String name) {
        return variants(name).filter(checkpoint::has).findFirst().orElse(name);
    }

    /// The names that it may have, the likeliest first.
    Stream<String> variants(String name) {
        String shorter = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        return Stream.of(name, shorter, prefix + name);
    }

    boolean has(String name) {
        return checkpoint.has(inFile(name));
    }

    /// W_U's name, whether or not it is there.
    String unembed() {
        String first = unembeds.getFirst();
        String found =
                unembeds.stream().filter(name -> has(name + ".weight")).findFirst().orElse(first);
        return found + ".weight";
    }
}
