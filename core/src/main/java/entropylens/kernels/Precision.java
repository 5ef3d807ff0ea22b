package entropylens.kernels;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a device rounds the two sides of a product to. Sums are float32 or wider, and all between
/// the products is float32. Our own kernels on the processor know float32 alone.
public enum Precision {
    /// Nothing is rounded.
    FLOAT32,
    /// 10 bits behind the point, with the range of float32.
    TF32,
    /// 7 bits behind the point, with the range of float32.
    BFLOAT16,
    /// 10 bits behind the point, up to 65,504.
    FLOAT16;

    /// In options and results: `float32`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The precision of a [#word].
    public static Optional<Precision> named(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }

    /// All words, with commas.
    public static String words() {
        return Arrays.stream(values()).map(Precision::word).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return word();
    }
}
