package entropylens.model;

import java.util.Objects;
import java.util.stream.IntStream;

/// Heap that [BlockDerivative] takes of a text, computed in advance: attention keeps a share for
/// each pair of positions, so it grows with the square of the text.
///
/// @param kept bytes that the derivatives of all blocks keep of the text
/// @param each bytes for every derivative that is taken back at once, at most
/// @param once bytes beside these while a block is taken back or computed, at most
/// @param longest elements of the longest array, derivatives taken back one at a time
public record DerivativeMemory(long kept, long each, long once, long longest) {
    /// Longest array that a Java virtual machine makes.
    private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    /// @param model whose blocks are all supported
    /// @param rows positions of the text
    public static DerivativeMemory of(Model model, long rows) {
        return IntStream.range(0, model.config().nLayers())
                .mapToObj(layer -> ofBlock(model, layer, rows))
                .reduce(new DerivativeMemory(0, 0, 0, 0), DerivativeMemory::and);
    }

    private DerivativeMemory and(DerivativeMemory other) {
        return new DerivativeMemory(
                kept + other.kept,
                Math.max(each, other.each),
                Math.max(once, other.once),
                Math.max(longest, other.longest));
    }

    private static DerivativeMemory ofBlock(Model model, int layer, long rows) {
        DecoderConfig config = model.config();
        AttentionShape shape = config.attention(layer);
        Weights.Mlp mlp =
                (Weights.Mlp) Objects.requireNonNull(model.weights().blocks().get(layer).mlp());
        long stream = rows * config.dModel();
        long inner = rows * mlp.up().outputs();
        long heads = rows * ((long) shape.queryWidth() + shape.keyWidth() + shape.valueWidth());
        long pairs = shape.nHeads() * rows * rows;
        long shares = shape.scoreSoftcap().isPresent() ? 2 * pairs : pairs;
        long ofAttention = shares + 2 * heads + rows * (shape.mixedWidth() + shape.dHead());
        long ofMlp = mlp.gate() == null ? inner : 2 * inner;
        long widest = Math.max(2 * inner, heads + rows * shape.mixedWidth());
        return new DerivativeMemory(
                4 * (4 * stream + ofAttention + ofMlp),
                4 * (5 * stream + widest),
                4 * (4 * stream + 3 * inner),
                Math.max(pairs, Math.max(stream, Math.max(inner, heads))));
    }

    /// Whether every array that is needed can be made.
    public boolean fitsArrays() {
        return longest <= LONGEST_ARRAY;
    }
}
