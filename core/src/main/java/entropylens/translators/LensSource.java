package entropylens.translators;

import java.nio.file.Path;

/// Which lens, in the words of a user.
public sealed interface LensSource {
    /// The logit lens.
    LensSource LOGIT = new Logit();

    /// The stream as it is.
    record Logit() implements LensSource {}

    /// A file of `jlens`, the package of the Jacobian lens.
    record Jacobian(Path file) implements LensSource {}

    /// A directory of `tuned-lens`: `config.json` and `params.pt`.
    record Tuned(Path directory) implements LensSource {}

    /// A file of our own.
    record Own(Path file) implements LensSource {}

    /// `logit`, `jacobian:FILE`, `tuned:DIRECTORY` or `FILE.safetensors`.
    ///
    /// @throws IllegalArgumentException when it is none of these
    static LensSource parse(String text) {
        if (text.equals("logit")) {
            return LOGIT;
        }
        int colon = text.indexOf(':');
        String rest = text.substring(colon + 1);
        if (text.startsWith("jacobian:") && !rest.isEmpty()) {
            return new Jacobian(Path.of(rest));
        }
        if (text.startsWith("tuned:") && !rest.isEmpty()) {
            return new Tuned(Path.of(rest));
        }
        if (text.endsWith(".safetensors")) {
            return new Own(Path.of(text));
        }
        throw new IllegalArgumentException(
                "'%s' is no lens; there are logit, jacobian:FILE, tuned:DIRECTORY and FILE.safetensors"
                        .formatted(text));
    }
}
