package entropylens.study.tellapart;

import entropylens.data.StoredText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Which tokens stand in a text, without their order: what can be told without any entropy. The
/// share of each token among the text's, for the tokens that most texts have.
final class TokenBags {
    /// The most frequent tokens alone: rare ones tell single texts, not classes.
    private static final int TOKENS = 200;

    /// Of a prompt, the tokens before the first that is generated.
    private static final int LAST = 8;

    private TokenBags() {}

    static double[][] generated(LabelledTexts texts) {
        return of(texts.texts(), text -> text.text().generatedIds());
    }

    static double[][] prompted(LabelledTexts texts) {
        return of(
                texts.texts(),
                text -> {
                    int[] ids = text.text().promptIds();
                    return Arrays.copyOfRange(ids, Math.max(0, ids.length - LAST), ids.length);
                });
    }

    /// Of whole prompts.
    static double[][] wholePrompts(LabelledTexts texts) {
        return of(texts.texts(), text -> text.text().promptIds());
    }

    private static double[][] of(List<StoredText> texts, Function<StoredText, int[]> ids) {
        Map<Integer, Integer> textsWith = new HashMap<>();
        texts.forEach(text ->
                Arrays.stream(ids.apply(text))
                        .distinct()
                        .forEach(id -> textsWith.merge(id, 1, Integer::sum)));
        List<Integer> kept =
                textsWith.keySet().stream()
                        .sorted((a, b) -> {
                            int more = Integer.compare(count(textsWith, b), count(textsWith, a));
                            return more != 0 ? more : Integer.compare(a, b);
                        })
                        .limit(TOKENS)
                        .toList();
        Map<Integer, Integer> columns = new HashMap<>();
        kept.forEach(id -> columns.put(id, columns.size()));
        return texts.stream()
                .map(text -> shares(ids.apply(text), columns))
                .toArray(double[][]::new);
    }

    private static int count(Map<Integer, Integer> counts, int id) {
        return counts.getOrDefault(id, 0);
    }

    private static double[] shares(int[] ids, Map<Integer, Integer> columns) {
        double[] shares = new double[columns.size()];
        for (int id : ids) {
            Integer column = columns.get(id);
            if (column != null) {
                shares[column] += 1.0 / ids.length;
            }
        }
        return shares;
    }
}
