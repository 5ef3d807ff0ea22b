package entropylens.cuda.driver;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// In which type products multiply. Sums are float32 in all of them.
public enum Precision {
    /// Weights and activations in float32; the GPU's ordinary arithmetic.
    FLOAT32,
    /// Both rounded to 10 bits behind the leading one when they are multiplied; stored as float32.
    TF32,
    /// Both rounded to bfloat16. Weights of a bfloat16 file stay as they are.
    BFLOAT16,
    /// Both rounded to float16. What is beyond 65,504 overflows.
    FLOAT16;

    /// Whether both sides of a product have two bytes.
    public boolean isHalf() {
        return this == BFLOAT16 || this == FLOAT16;
    }

    /// As it is asked for: `bfloat16`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException when it is none of them
    public static Precision parse(String word) {
        return Arrays.stream(values())
                .filter(p -> p.word().equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no precision '%s'; there are %s"
                                                .formatted(
                                                        word,
                                                        Arrays.stream(values())
                                                                .map(Precision::word)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }
}
