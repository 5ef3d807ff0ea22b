package entropylens.adapter;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The modules that an adapter's configuration targets, by the rules of PEFT's
/// `check_target_module_exists`.
///
/// @param allLinear every projection but the unembedding: `target_modules` is `all-linear`
/// @param pattern that a whole name must match; null where names are listed
/// @param names that a name may be, or end with behind a dot
/// @param exclusion what is never targeted
/// @param layers the blocks that count; empty means all. A name that is listed whole counts anyway
/// @param layerPatterns each finds the number of the block
record Targets(
        boolean allLinear,
        @Nullable PythonPattern pattern,
        Set<String> names,
        Exclusion exclusion,
        Set<Integer> layers,
        List<PythonPattern> layerPatterns) {
    private static final Set<String> HEADS = Set.of("lm_head", "embed_out");
    private static final String KEY = "target_modules";

    /// @param pattern that a whole name matches
    /// @param names that a name is, or ends with behind a dot
    /// @param saved modules that are kept whole: they and what is in them
    record Exclusion(@Nullable PythonPattern pattern, Set<String> names, List<String> saved) {
        boolean holds(String module) {
            return (pattern != null && pattern.matches(module))
                    || isOrEndsWith(module, names)
                    || saved.stream().anyMatch(part -> contains(module, part));
        }

        private static boolean contains(String module, String part) {
            return ("." + module + ".").contains("." + part + ".");
        }
    }

    static Targets read(ConfigJson json, List<String> saved, PythonPattern.Steps steps) {
        boolean text = json.isString(KEY);
        String expression = text ? json.requireString(KEY) : "";
        boolean allLinear = expression.equalsIgnoreCase("all-linear");
        Set<String> names = text ? Set.of() : Set.copyOf(json.strings(KEY));
        Set<Integer> layers = new TreeSet<>();
        Arrays.stream(json.ints("layers_to_transform")).forEach(layers::add);
        List<PythonPattern> layerPatterns = layerPatterns(json, steps);
        if (text && !allLinear && !layers.isEmpty()) {
            throw new CheckpointException(
                    "%s: layers_to_transform goes with a list of target_modules, but target_modules is a string; PEFT refuses it too"
                            .formatted(json.file()));
        }
        return new Targets(
                allLinear,
                text && !allLinear ? new PythonPattern(steps, expression, "%s") : null,
                names,
                exclusion(json, saved, steps),
                layers,
                layerPatterns);
    }

    private static Exclusion exclusion(
            ConfigJson json, List<String> saved, PythonPattern.Steps steps) {
        String key = "exclude_modules";
        return json.isString(key)
                ? new Exclusion(
                        new PythonPattern(steps, json.requireString(key), "%s"), Set.of(), saved)
                : new Exclusion(null, Set.copyOf(json.strings(key)), saved);
    }

    private static List<PythonPattern> layerPatterns(ConfigJson json, PythonPattern.Steps steps) {
        String key = "layers_pattern";
        List<String> patterns =
                json.isString(key) ? List.of(json.requireString(key)) : json.strings(key);
        patterns = patterns.stream().filter(pattern -> !pattern.isEmpty()).toList();
        return patterns.isEmpty()
                ? List.of(new PythonPattern(steps, "[^.]*", ".*?\\.%s\\.(\\d+)\\."))
                : patterns.stream()
                        .map(pattern ->
                                new PythonPattern(steps, pattern, "(?:^|.*?\\.)%s\\.(\\d+)\\."))
                        .toList();
    }

    /// Whether a module is targeted.
    ///
    /// @param module as PEFT names it: without `base_model.model.`
    boolean include(String module) {
        if (exclusion.holds(module)) {
            return false;
        }
        if (pattern != null) {
            return pattern.matches(module);
        }
        if (allLinear) {
            return !HEADS.contains(module) && ofTheseLayers(module);
        }
        return names.contains(module) || (isOrEndsWith(module, names) && ofTheseLayers(module));
    }

    private boolean ofTheseLayers(String module) {
        return layers.isEmpty()
                || layerPatterns.stream()
                        .map(one -> one.groupAtStart(module))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .map(Targets::number)
                        .filter(layers::contains)
                        .isPresent();
    }

    private static int number(String digits) {
        return digits.length() > 9 ? -1 : Integer.parseInt(digits);
    }

    private static boolean isOrEndsWith(String module, Set<String> names) {
        for (int from = 0; from >= 0 && !names.isEmpty(); ) {
            if (names.contains(module.substring(from))) {
                return true;
            }
            int dot = module.indexOf('.', from);
            from = dot < 0 ? -1 : dot + 1;
        }
        return false;
    }
}
