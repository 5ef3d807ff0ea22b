package entropylens.hook;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A block, and the factors on what its halves add, as options name them: `L:A:M`.
///
/// @param layer the block, counted from 0
/// @param action its factors
public record ScaledBlock(int layer, BlockAction action) {
    private static final String FACTOR = "([+-]?\\d{1,9}(?:\\.\\d{1,9})?)";
    private static final Pattern WORD = Pattern.compile("(\\d{1,9}):" + FACTOR + ":" + FACTOR);

    /// @param word block from 1, factor on what attention adds, factor on what the MLP adds
    /// @throws IllegalArgumentException when it is none, or changes nothing
    public static ScaledBlock parse(String word) {
        Matcher found = WORD.matcher(word);
        if (!found.matches() || Integer.parseInt(found.group(1)) < 1) {
            throw new IllegalArgumentException(
                    "must be L:A:M with a block from 1, the factor on what its attention adds and that on what its MLP adds, for example 3:0:1, but is "
                            + word);
        }
        BlockAction action =
                new BlockAction(Float.parseFloat(found.group(2)), Float.parseFloat(found.group(3)));
        if (action.equals(BlockAction.RUN)) {
            throw new IllegalArgumentException(
                    "has %s, which changes nothing; leave it out".formatted(word));
        }
        return new ScaledBlock(Integer.parseInt(found.group(1)) - 1, action);
    }

    /// As [#parse] reads it.
    @Override
    public String toString() {
        return "%d:%s:%s".formatted(layer + 1, shown(action.attention()), shown(action.mlp()));
    }

    /// A factor as people write it.
    public static String shown(float factor) {
        return factor == 0
                ? "0"
                : new BigDecimal(Float.toString(factor)).stripTrailingZeros().toPlainString();
    }
}
