package entropylens.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// What a lens that was fitted here says of itself: the names of its metadata (docs/method.md).
final class LensFacts {
    static final String BEFORE = "heldout_kl_logit";
    static final String AFTER = "heldout_kl";

    private LensFacts() {}

    /// Numbers of one name, parted by commas; none where there are none, or something else.
    static double[] numbers(Map<String, String> facts, String name) {
        try {
            return Arrays.stream(facts.getOrDefault(name, "").split(","))
                    .filter(part -> !part.isEmpty())
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (NumberFormatException e) {
            return new double[0];
        }
    }

    /// As [#numbers] reads them, seven digits each.
    static String joined(double[] numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> String.valueOf((float) number))
                .collect(Collectors.joining(","));
    }
}
