package entropylens.study.skip;

import entropylens.data.AnswerRow;
import entropylens.data.LossRow;
import entropylens.hook.Intervention;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A choice of blocks to skip.
///
/// @param condition how they were chosen
/// @param part what of them is skipped
/// @param draw which of several random choices, from 1; of every block by itself, the block; 0
///   where there is only one choice
/// @param blocks from 1, ascending; none in the intact model
record Skip(SkipCondition condition, SkipPart part, int draw, List<Integer> blocks) {
    static final Skip NONE = new Skip(SkipCondition.INTACT, SkipPart.BLOCK, 0, List.of());

    Skip {
        blocks = blocks.stream().sorted().toList();
    }

    /// Tells the choices for one model apart.
    String name() {
        return name(condition.word(), partOrNull(), k(), drawOrNull());
    }

    /// The name of the choice under which a question was answered.
    static String name(AnswerRow row) {
        return name(row.condition(), row.part(), row.k(), row.draw());
    }

    /// The name of the choice under which a text was predicted.
    static String name(LossRow row) {
        return name(row.condition(), row.part(), row.k(), row.draw());
    }

    private static String name(
            String condition, @Nullable String part, @Nullable Integer k, @Nullable Integer draw) {
        return "%s/%s/%s/%s".formatted(condition, part, k, draw);
    }

    int k() {
        return blocks.size();
    }

    /// As the tables of results have it.
    @Nullable Integer drawOrNull() {
        return draw == 0 ? null : Integer.valueOf(draw);
    }

    /// As the tables of results have it.
    @Nullable String partOrNull() {
        return blocks.isEmpty() ? null : part.word();
    }

    /// Names what is done to the model, whatever it was chosen by.
    String what() {
        return blocks.isEmpty()
                ? "intact"
                : part.word()
                        + "/"
                        + blocks.stream().map(String::valueOf).collect(Collectors.joining("+"));
    }

    Intervention intervention() {
        return Intervention.of(
                part.action(), blocks.stream().mapToInt(block -> block - 1).toArray());
    }

    int[] blockNumbers() {
        return blocks.stream().mapToInt(block -> block).toArray();
    }

    double meanDepth(int ofBlocks) {
        return blocks.stream().mapToInt(block -> block).average().orElse(Double.NaN) / ofBlocks;
    }
}
