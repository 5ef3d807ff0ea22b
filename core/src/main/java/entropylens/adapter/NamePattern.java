package entropylens.adapter;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A key of `rank_pattern` or `alpha_pattern`: it matches the end of a module's name, from the
/// beginning or from behind a dot on, as PEFT's `get_pattern_key` does.
final class NamePattern {
    /// Most keys are names. In them only the dot is special, and stands for any character.
    private static final Pattern PLAIN = Pattern.compile("[\\w.]+");

    private final String key;
    private final @Nullable PythonPattern pattern;

    NamePattern(PythonPattern.Steps steps, String key) {
        this.key = key;
        this.pattern =
                PLAIN.matcher(key).matches() ? null : new PythonPattern(steps, key, "(?:.*\\.)?%s");
    }

    boolean matches(String module) {
        return pattern == null ? endsLikeKey(module) : pattern.matches(module);
    }

    private boolean endsLikeKey(String module) {
        int from = module.length() - key.length();
        if (from < 0 || (from > 0 && module.charAt(from - 1) != '.')) {
            return false;
        }
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) != '.' && key.charAt(i) != module.charAt(from + i)) {
                return false;
            }
        }
        return true;
    }
}
