package entropylens.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// How byte-level tokenizers cut text before they merge, by the names that llama.cpp gives it in
/// `tokenizer.ggml.pre`. The patterns are those of the models' own tokenizer.json, which llama.cpp
/// (src/llama-vocab.cpp) says in its own words.
enum TextSplits {
    GPT2(false, List.of(Patterns.GPT2), List.of("gpt-2", "phi-2", "mpt", "olmo", "exaone4")),
    DIGITS(
            false,
            List.of("\\p{N}", Patterns.GPT2),
            List.of("starcoder", "refact", "command-r", "smollm", "exaone")),
    FALCON(
            false,
            List.of("[\\p{P}\\$\\+<=>\\^~\\|`]+", Patterns.GPT2, "[0-9][0-9][0-9]"),
            List.of("falcon")),
    LLAMA3(
            true,
            List.of(Patterns.threeDigits()),
            List.of("llama3", "llama-v3", "llama-bpe", "falcon3", "pixtral", "midm-2.0", "lfm2")),
    DBRX(
            false,
            List.of(Patterns.threeDigits()),
            List.of("dbrx", "smaug-bpe", "glm4", "chatglm-bpe")),
    QWEN2(
            false,
            List.of(Patterns.digits("")),
            List.of("qwen2", "deepseek-r1-qwen", "stablelm2", "hunyuan", "megrez")),
    DEEPSEEK_CODER(
            false,
            List.of("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+", "\\p{N}"),
            List.of("deepseek-coder")),
    DEEPSEEK3(
            false,
            List.of("\\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", Patterns.DEEPSEEK3),
            List.of("deepseek-v3", "hunyuan-dense")),
    GPT4O(false, List.of(Patterns.cased(true)), List.of("gpt-4o", "llama4")),
    TEKKEN(true, List.of(Patterns.cased(false)), List.of("tekken"));

    private static final class Patterns {
        static final String GPT2 =
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

        static final String DEEPSEEK3 =
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                        + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                        + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

        private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

        static String threeDigits() {
            return digits("{1,3}");
        }

        static String digits(String howMany) {
            return CONTRACTIONS
                    + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                    + howMany
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        }

        /// A word ends where a capital follows a small letter.
        static String cased(boolean contractions) {
            String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
            String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
            String end = contractions ? CONTRACTIONS + "?" : "";
            String start = "[^\\r\\n\\p{L}\\p{N}]?";
            return start
                    + upper
                    + "*"
                    + lower
                    + "+"
                    + end
                    + "|"
                    + start
                    + upper
                    + "+"
                    + lower
                    + "*"
                    + end
                    + "|\\p{N}"
                    + (contractions ? "{1,3}" : "")
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        }
    }

    private static final Map<String, TextSplits> BY_NAME =
            Arrays.stream(values())
                    .flatMap(splits -> splits.names.stream().map(name -> Map.entry(name, splits)))
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private final boolean wholeWords;
    private final List<String> patterns;
    private final List<String> names;

    TextSplits(boolean wholeWords, List<String> patterns, List<String> names) {
        this.wholeWords = wholeWords;
        this.patterns = patterns;
        this.names = names;
    }

    static Optional<TextSplits> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /// Whether a piece that is a token is that token, without merges; these vocabularies also begin
    /// texts with BOS unless the file says otherwise.
    boolean wholeWords() {
        return wholeWords;
    }

    /// Applied one after the other: what matches, and what lies between, are pieces.
    List<String> patterns() {
        return patterns;
    }
}
