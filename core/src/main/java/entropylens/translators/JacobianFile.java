package entropylens.translators;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.TorchDict;
import entropylens.kernels.Backend;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// The Jacobian lens ("Verbalizable Representations Form a Global Workspace in Language Models",
/// 2026): `W_U · norm(J_l h_l)`, with `J_l` the mean over a corpus of the derivative of the last
/// block's output by that of block l. The whole derivative: what passes by the blocks, the
/// identity, is in it.
///
/// Its file is a dict of torch: `J`, a matrix by block, counted from 0; `n_prompts`,
/// `source_layers`, `d_model`, and perhaps `metadata`. As TransformerLens 3.5 reads it: the last
/// block's output is read as it is, whether there is a matrix for it or not.
final class JacobianFile {
    private static final String MATRICES = "J";

    /// More blocks than any model has.
    private static final long MAX_LAYERS = 100_000;

    private JacobianFile() {}

    static OpenLens open(Path file, Backend backend, Arena arena) {
        TorchDict dict = TorchDict.open(file, MATRICES, arena);
        Checkpoint tensors = dict.tensors();
        List<Long> blocks = dict.numbers();
        requireListed(file, dict, blocks);
        LensTensors matrices = new LensTensors(file, tensors, width(file, dict), backend);
        SortedMap<Integer, Translator> translators = new TreeMap<>();
        for (long block : blocks) {
            translators.put(
                    Math.toIntExact(block) + 1,
                    new Translator.Affine(matrices.linear(MATRICES + "." + block, null), false));
        }
        SortedMap<String, String> facts = dict.texts("metadata");
        dict.integer("n_prompts").ifPresent(n -> facts.put("n_prompts", String.valueOf(n)));
        Lens.MadeFor madeFor =
                new Lens.MadeFor(
                        OptionalInt.of(matrices.dModel()),
                        OptionalInt.empty(),
                        Optional.ofNullable(facts.get("model_name")),
                        Optional.empty());
        Lens.Origin origin = new Lens.Origin(file, Checkpoint.sha256(file), facts);
        return new OpenLens(
                new Lens("jacobian", Optional.of(origin), madeFor, translators), tensors.mapped());
    }

    private static void requireListed(Path file, TorchDict dict, List<Long> blocks) {
        if (blocks.getFirst() < 0 || blocks.getLast() >= MAX_LAYERS) {
            throw new CheckpointException(
                    "%s: its matrices are numbered %d to %d, but blocks are counted from 0"
                            .formatted(file, blocks.getFirst(), blocks.getLast()));
        }
        Optional<List<Long>> listed = dict.integers("source_layers");
        if (listed.isPresent() && !listed.get().stream().sorted().toList().equals(blocks)) {
            throw new CheckpointException(
                    "%s: source_layers says %s, but there are matrices for %s; the file is damaged, download it again"
                            .formatted(file, shown(listed.get()), shown(blocks)));
        }
    }

    private static String shown(List<Long> numbers) {
        return numbers.size() <= 10
                ? numbers.toString()
                : numbers.subList(0, 10) + " and %d more".formatted(numbers.size() - 10);
    }

    private static long width(Path file, TorchDict dict) {
        OptionalLong declared = dict.integer("d_model");
        if (declared.isPresent()) {
            return declared.getAsLong();
        }
        throw new CheckpointException(
                "%s: says no d_model, as files of a Jacobian lens do; is it one?".formatted(file));
    }
}
