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
    GPT2(
            false,
            List.of(Patterns.GPT2),
            List.of(
                    "gpt-2",
                    "phi-2",
                    "mpt",
                    "olmo",
                    "exaone4",
                    "gigachat",
                    "a.x-4.0",
                    "mellum",
                    "jais",
                    "trillion",
                    "granite-docling")),
    DIGITS(
            false,
            List.of("\\p{N}", Patterns.GPT2),
            List.of(
                    "starcoder",
                    "refact",
                    "command-r",
                    "smollm",
                    "exaone",
                    "codeshell",
                    "minerva-7b",
                    "mellum2")),
    FALCON(
            false,
            List.of("[\\p{P}\\$\\+<=>\\^~\\|`]+", Patterns.GPT2, "[0-9][0-9][0-9]"),
            List.of("falcon")),
    LLAMA3(
            true,
            List.of(Patterns.threeDigits()),
            List.of(
                    "llama3",
                    "llama-v3",
                    "llama-bpe",
                    "falcon3",
                    "falcon-h1",
                    "pixtral",
                    "midm-2.0",
                    "lfm2")),
    DBRX(
            false,
            List.of(Patterns.threeDigits()),
            List.of("dbrx", "smaug-bpe", "glm4", "chatglm-bpe")),
    QWEN2(
            false,
            List.of(Patterns.digits("")),
            List.of(
                    "qwen2",
                    "deepseek-r1-qwen",
                    "stablelm2",
                    "hunyuan",
                    "megrez",
                    "grok-2",
                    "solar-open",
                    "kormo")),
    JAIS2(false, List.of(Patterns.JAIS2), List.of("jais-2")),
    DEEPSEEK_CODER(
            false,
            List.of("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+", "\\p{N}"),
            List.of("deepseek-coder")),
    DEEPSEEK3(
            false,
            List.of("\\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", Patterns.DEEPSEEK3),
            List.of("deepseek-v3", "hunyuan-dense")),
    DEEPSEEK_LLM(
            false,
            List.of(
                    "[\\r\\n]",
                    "\\s?[" + Letters.DEEPSEEK + "]+",
                    "\\s?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3000-\\u3002]+",
                    "\\s+$",
                    "[一-龥ࠀ-一가-퟿]+",
                    "\\p{N}+"),
            List.of("deepseek-llm")),
    QWEN35(false, List.of(Patterns.QWEN35), List.of("qwen35")),
    SEED_CODER(false, List.of(Patterns.SEED_CODER), List.of("seed-coder")),
    BAILING(false, List.of(Patterns.BAILING), List.of("bailingmoe", "llada-moe")),
    BLOOM(false, List.of(Patterns.BLOOM), List.of("bloom", "poro-chat", "gpt3-finnish")),
    VIKING(false, List.of(Patterns.BLOOM, "\\p{N}"), List.of("viking")),
    CHAMELEON(
            false,
            List.of(
                    "<sentinel:[0-9]+>",
                    "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
                    "([\\t\\n]|    |  )",
                    "\\p{N}",
                    "[\\p{P}!-/:-@\\[-`{-~]",
                    Patterns.GPT2),
            List.of("chameleon")),
    SUPERBPE(false, List.of("\\p{N}+", "(?=(\\d{3})+(?!\\d))"), List.of("superbpe")),
    KIMI(false, List.of(Patterns.KIMI), List.of("kimi-k2")),
    /// What llama.cpp takes where a file names it; one that names none is of before April 2024, and
    /// may be of any model.
    DEFAULT(
            false,
            List.of("[\\p{P}\\$\\+<=>\\^~\\|]+", Patterns.GPT2, "\\p{N}+", "[0-9][0-9][0-9]"),
            List.of("default")),
    GPT4O(
            false,
            List.of(Patterns.cased("", true, "{1,3}", "[\\r\\n/]*")),
            List.of("gpt-4o", "llama4", "minimax-m2", "kanana2")),
    TEKKEN(true, List.of(Patterns.cased("", false, "", "[\\r\\n/]*")), List.of("tekken"));

    /// Of Latin, Greek, Cyrillic and some more, as DeepSeek lists them.
    private static final class Letters {
        static final String DEEPSEEK =
                "A-Za-z"
                        + "\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA\\u01BC-\\u01BF"
                        + "\\u01C4-\\u0293\\u0295-\\u02AF\\u0370-\\u0373\\u0376\\u0377"
                        + "\\u037B-\\u037D\\u037F\\u0386\\u0388-\\u038A\\u038C\\u038E-\\u03A1"
                        + "\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F\\u0531-\\u0556"
                        + "\\u10A0-\\u10C5\\u13A0-\\u13F5\\u13F8-\\u13FD\\u1C90-\\u1CBA"
                        + "\\u1CBD-\\u1CBF\\u1D00-\\u1D2B\\u1D6B-\\u1D77\\u1D79-\\u1D9A"
                        + "\\u1E00-\\u1F15\\u1F18-\\u1F1D\\u1F20-\\u1F45\\u1F48-\\u1F4D"
                        + "\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D\\u1F5F-\\u1F7D\\u1F80-\\u1FB4"
                        + "\\u1FB6-\\u1FBC\\u1FBE\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC\\u1FD0-\\u1FD3"
                        + "\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4\\u1FF6-\\u1FFC\\u2102"
                        + "\\u2107\\u210A-\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128"
                        + "\\u212A-\\u212D\\u212F-\\u2134\\u2139\\u213C-\\u213F\\u2145-\\u2149"
                        + "\\u214E\\u2183\\u2184\\u2C00-\\u2C7B\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE"
                        + "\\u2CF2\\u2CF3\\uA640-\\uA66D\\uA680-\\uA69B\\uA722-\\uA76F"
                        + "\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF\\uFB00-\\uFB06"
                        + "\\uFB13-\\uFB17\\uFF21-\\uFF3A\\uFF41-\\uFF5A\\x{10400}-\\x{1044F}"
                        + "\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}"
                        + "\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}\\x{1E900}-\\x{1E943}";
    }

    private static final class Patterns {
        private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

        static final String GPT2 =
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

        static final String DEEPSEEK3 =
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                        + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                        + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

        static String threeDigits() {
            return digits("{1,3}");
        }

        static String digits(String howMany) {
            return CONTRACTIONS
                    + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                    + howMany
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        }

        /// Spaces are cut by powers of two.
        static final String JAIS2 =
                threeDigits()
                        .replace(
                                "|\\s+(?!\\S)|\\s+",
                                "|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)"
                                        + "|\\s{32}(?!\\S)|\\s{16}(?!\\S)|\\s{8}(?!\\S)"
                                        + "|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s{1}");

        /// Marks belong to words.
        static final String QWEN35 =
                CONTRACTIONS
                        + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

        static final String SEED_CODER =
                CONTRACTIONS
                        + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{N}\\r\\n]+|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

        static final String BAILING =
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+";

        /// The full stops, commas and ellipses of several scripts end a piece.
        static final String BLOOM =
                " ?[^(\\s|.,!?\\u2026\\u3002\\uFF0C\\u3001\\u0964\\u06D4\\u060C)]+";

        /// Han characters are pieces of their own, and no letters of words.
        static final String KIMI =
                "[\\p{Han}]+|" + cased("&&[^\\p{Han}]", true, "{1,3}", "[\\r\\n]*");

        /// A word ends where a capital follows a small letter.
        ///
        /// @param but what is taken from the letters
        /// @param digits how many go together
        /// @param ends of other characters
        static String cased(String but, boolean contractions, String digits, String ends) {
            String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}" + but + "]";
            String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}" + but + "]";
            String end = contractions ? CONTRACTIONS + "?" : "";
            String start = "[^\\r\\n\\p{L}\\p{N}]?";
            return (start + upper + "*" + lower + "+" + end)
                    + ("|" + start + upper + "+" + lower + "*" + end)
                    + ("|\\p{N}" + digits)
                    + ("| ?[^\\s\\p{L}\\p{N}]+" + ends)
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
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

    /// Whether a piece that is a token is that token, without merges.
    boolean wholeWords() {
        return wholeWords;
    }

    /// Whether texts begin with BOS unless the file says otherwise.
    boolean begins() {
        return wholeWords || this == CHAMELEON;
    }

    /// Applied one after the other: what matches, and what lies between, are pieces.
    List<String> patterns() {
        return patterns;
    }
}
