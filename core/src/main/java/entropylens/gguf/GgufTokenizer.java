package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes the tokenizer.json that stands for the vocabulary of a GGUF file: byte-level BPE (`gpt2`)
/// and SentencePiece's BPE (`llama`), whose merges follow from the scores as in transformers'
/// `SentencePieceExtractor`.
final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String MODEL = PREFIX + "model";
    private static final String PRE = PREFIX + "pre";
    private static final String TOKENS = PREFIX + "tokens";
    private static final String SPACE = "\u2581";
    private static final String SEQUENCE = "Sequence";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Values of `token_type`.
    private static final int UNKNOWN = 2;

    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    private final GgufMetadata metadata;
    private final Map<String, Integer> vocabulary = new LinkedHashMap<>();
    private final List<String> tokens;
    private final int[] types;

    private GgufTokenizer(GgufMetadata metadata) {
        this.metadata = metadata;
        this.tokens = metadata.texts(TOKENS);
        if (tokens.isEmpty()) {
            throw refused("there is no %s".formatted(TOKENS));
        }
        for (int id = 0; id < tokens.size(); id++) {
            if (vocabulary.put(tokens.get(id), id) != null) {
                throw refused("token '%s' appears twice in %s".formatted(tokens.get(id), TOKENS));
            }
        }
        int[] given = metadata.integers(PREFIX + "token_type");
        if (given.length != 0 && given.length != tokens.size()) {
            throw refused(
                    "%stoken_type names %,d tokens, but there are %,d"
                            .formatted(PREFIX, given.length, tokens.size()));
        }
        this.types = given.length == 0 ? new int[tokens.size()] : given;
    }

    /// @throws CheckpointException when the vocabulary is damaged, or of a kind that is not read
    static String json(GgufMetadata metadata) {
        String model = metadata.text(MODEL).orElse("");
        GgufTokenizer tokenizer = new GgufTokenizer(metadata);
        return switch (model) {
            case "gpt2" -> tokenizer.byteLevel().toString();
            case "llama" -> tokenizer.sentencePiece().toString();
            default ->
                    throw tokenizer.refused(
                            "%s is '%s', but only gpt2 and llama are read".formatted(MODEL, model));
        };
    }

    private CheckpointException refused(String why) {
        return new CheckpointException(
                "%s: the vocabulary cannot be used: %s; give token ids instead of text"
                        .formatted(metadata.file(), why));
    }

    private ObjectNode byteLevel() {
        String name =
                metadata.text(PRE)
                        .orElseThrow(() ->
                                refused(
                                        "there is no %s, so how text is to be cut is not known; convert the model again with a newer llama.cpp"
                                                .formatted(PRE)));
        TextSplits splits =
                TextSplits.named(name)
                        .orElseThrow(() ->
                                refused(
                                        "%s is '%s', a way to cut text that is not known"
                                                .formatted(PRE, name)));
        ObjectNode json = NODES.objectNode().put("version", "1.0");
        json.putNull("truncation").putNull("padding").putNull("normalizer");
        json.set("added_tokens", addedTokens());
        ArrayNode steps =
                json.putObject("pre_tokenizer").put("type", SEQUENCE).putArray("pretokenizers");
        for (String pattern : splits.patterns()) {
            steps.addObject()
                    .put("type", "Split")
                    .put("behavior", "Isolated")
                    .put("invert", false)
                    .putObject("pattern")
                    .put("Regex", pattern);
        }
        steps.add(bytes());
        json.set("post_processor", postProcessor(splits.begins()));
        json.set("decoder", bytes());
        ObjectNode model = model(json);
        model.put("byte_fallback", false).put("ignore_merges", splits.wholeWords());
        ArrayNode merges = model.putArray("merges");
        metadata.texts(PREFIX + "merges").forEach(merges::add);
        if (merges.isEmpty()) {
            throw refused("there are no %smerges".formatted(PREFIX));
        }
        return json;
    }

    private static ObjectNode bytes() {
        return NODES.objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", false);
    }

    private ObjectNode model(ObjectNode json) {
        ObjectNode model = json.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false);
        ObjectNode vocab = model.putObject("vocab");
        vocabulary.forEach(vocab::put);
        return model;
    }

    private ObjectNode sentencePiece() {
        boolean prefixed = metadata.flag(PREFIX + "add_space_prefix", true);
        ObjectNode json = NODES.objectNode().put("version", "1.0");
        json.putNull("truncation").putNull("padding");
        json.set("added_tokens", addedTokens());
        ArrayNode normalizers =
                json.putObject("normalizer").put("type", SEQUENCE).putArray("normalizers");
        if (prefixed) {
            normalizers.addObject().put("type", "Prepend").put("prepend", SPACE);
        }
        normalizers.add(replace(" ", SPACE));
        json.putNull("pre_tokenizer");
        json.set("post_processor", postProcessor(true));
        ArrayNode decoders = json.putObject("decoder").put("type", SEQUENCE).putArray("decoders");
        decoders.add(replace(SPACE, " "));
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (prefixed) {
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        ObjectNode model = model(json);
        model.put("byte_fallback", true).put("fuse_unk", true).put("ignore_merges", false);
        for (int id = 0; id < types.length; id++) {
            if (types[id] == UNKNOWN) {
                model.put("unk_token", tokens.get(id));
            }
        }
        ArrayNode merges = model.putArray("merges");
        for (Merge merge : merges()) {
            merges.addArray().add(merge.left).add(merge.right);
        }
        return json;
    }

    private static ObjectNode replace(String what, String by) {
        ObjectNode replace = NODES.objectNode().put("type", "Replace").put("content", by);
        replace.putObject("pattern").put("String", what);
        return replace;
    }

    private record Merge(String left, String right, double score) {
        /// Characters, as Python counts them.
        int leftLength() {
            return left.codePointCount(0, left.length());
        }

        int rightLength() {
            return right.codePointCount(0, right.length());
        }
    }

    /// Every way to make a piece of two others, the piece with the highest score first.
    private List<Merge> merges() {
        double[] scores = metadata.numbers(PREFIX + "scores");
        if (scores.length != tokens.size()) {
            throw refused(
                    "%sscores has %,d scores for %,d tokens"
                            .formatted(PREFIX, scores.length, tokens.size()));
        }
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < scores.length; id++) {
            merges.addAll(waysTo(tokens.get(id), scores[id]));
        }
        merges.sort(
                Comparator.comparingDouble(Merge::score)
                        .thenComparingInt(Merge::leftLength)
                        .thenComparingInt(Merge::rightLength)
                        .reversed());
        return merges;
    }

    private List<Merge> waysTo(String piece, double score) {
        List<Merge> ways = new ArrayList<>();
        int length = piece.length();
        for (int cut = piece.offsetByCodePoints(0, length == 0 ? 0 : 1);
                cut < length;
                cut = piece.offsetByCodePoints(cut, 1)) {
            String left = piece.substring(0, cut);
            String right = piece.substring(cut);
            if (vocabulary.containsKey(left) && vocabulary.containsKey(right)) {
                ways.add(new Merge(left, right, score));
            }
        }
        ways.sort(
                Comparator.<Merge>comparingInt(way -> vocabulary.getOrDefault(way.left, 0))
                        .thenComparingInt(way -> vocabulary.getOrDefault(way.right, 0)));
        return ways;
    }

    /// Control tokens, which are left out of decoded text, and those that users defined.
    private ArrayNode addedTokens() {
        ArrayNode added = NODES.arrayNode();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == CONTROL || types[id] == USER_DEFINED || types[id] == UNKNOWN) {
                added.addObject()
                        .put("id", id)
                        .put("content", tokens.get(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", types[id] != USER_DEFINED);
            }
        }
        return added;
    }

    /// BOS in front and EOS behind, where the file says so.
    ///
    /// @param begins whether BOS stands in front where the file does not say
    private JsonNode postProcessor(boolean begins) {
        ObjectNode template = NODES.objectNode().put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        ObjectNode special = template.putObject("special_tokens");
        if (metadata.flag(PREFIX + "add_bos_token", begins)) {
            use("bos_token_id", single, special);
        }
        single.addObject().putObject(SEQUENCE).put("id", "A").put("type_id", 0);
        if (metadata.flag(PREFIX + "add_eos_token", false)) {
            use("eos_token_id", single, special);
        }
        ArrayNode pair = template.putArray("pair").addAll(single.deepCopy());
        pair.addObject().putObject(SEQUENCE).put("id", "B").put("type_id", 1);
        return single.size() == 1 ? NODES.nullNode() : template;
    }

    private void use(String key, ArrayNode single, ObjectNode special) {
        OptionalInt id = metadata.integer(PREFIX + key);
        if (id.isEmpty() || id.getAsInt() < 0 || id.getAsInt() >= tokens.size()) {
            throw refused("%s%s names no token".formatted(PREFIX, key));
        }
        String token = tokens.get(id.getAsInt());
        single.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
        ObjectNode definition = special.putObject(token).put("id", token);
        definition.putArray("ids").add(id.getAsInt());
        definition.putArray("tokens").add(token);
    }
}
