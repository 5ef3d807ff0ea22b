package entropylens.tokenizer;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.StrictJson;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// GPT-2's byte-level BPE as it was published before there was a tokenizer.json: `vocab.json`,
/// `merges.txt`, and up to four small files about special tokens. Makes the tokenizer.json that
/// transformers 5.18 (`GPT2Tokenizer`, `TokenizersBackend`) would build of them.
final class BytePairFiles {

    static final String TOKENIZER = "tokenizer.json";
    static final String VOCABULARY = "vocab.json";
    static final String MERGES = "merges.txt";

    private static final String CONFIG = "tokenizer_config.json";
    private static final int MAX_BYTES = 64_000_000;
    private static final Set<String> CLASSES = Set.of("GPT2Tokenizer", "GPT2TokenizerFast");

    /// Whose tokenizer this is where nothing names a class (transformers, `tokenization_auto.py`).
    private static final Set<String> MODEL_TYPES =
            Set.of("gpt2", "gpt_neo", "gptj", "opt", "codegen", "starcoder2");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Path directory;
    private final ObjectNode config;

    private BytePairFiles(Path directory) {
        this.directory = directory;
        this.config = object(CONFIG);
    }

    /// The tokenizer.json that stands for the files in `directory`.
    ///
    /// @throws CheckpointException when they are damaged, or those of another kind of tokenizer
    static byte[] read(Path directory) {
        return new BytePairFiles(directory).json().toString().getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode json() {
        requireGpt2();
        ObjectNode vocabulary = object(VOCABULARY);
        var added =
                AddedTokens.ofGpt2(
                                directory.resolve(CONFIG),
                                config,
                                object("special_tokens_map.json"),
                                object("added_tokens.json"))
                        .numbered(vocabulary);
        ObjectNode json = NODES.objectNode().put("version", "1.0");
        json.putNull("truncation").putNull("padding").putNull("normalizer");
        json.set("added_tokens", added.json());
        json.set("pre_tokenizer", byteLevel(flag("add_prefix_space")));
        json.set("post_processor", postProcessor(added));
        json.set("decoder", byteLevel(true));
        json.set("model", model(vocabulary));
        return json;
    }

    /// Qwen2, RoBERTa, CLIP and others have files of these names too, and split text in other ways.
    private void requireGpt2() {
        ObjectNode model = object("config.json");
        String named = text(config, "tokenizer_class");
        String itsClass = named.isEmpty() ? text(model, "tokenizer_class") : named;
        boolean known =
                itsClass.isEmpty()
                        ? MODEL_TYPES.contains(text(model, "model_type"))
                        : CLASSES.contains(itsClass);
        if (!known) {
            throw unsupported(
                    itsClass.isEmpty()
                            ? "no tokenizer_class is given, and config.json's model_type '%s' does not tell"
                                    .formatted(text(model, "model_type"))
                            : "the tokenizer_class is '%s'".formatted(itsClass));
        }
        if (config.has("auto_map") || flag("split_special_tokens")) {
            throw unsupported("auto_map or split_special_tokens is set");
        }
    }

    private CheckpointException unsupported(String why) {
        return new CheckpointException(
                "%s: %s, but %s and %s are read for GPT2Tokenizer only; %s"
                        .formatted(
                                directory.resolve(CONFIG),
                                why,
                                VOCABULARY,
                                MERGES,
                                Tokenizers.conversion(directory)));
    }

    private static ObjectNode byteLevel(boolean addPrefixSpace) {
        return NODES.objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", addPrefixSpace)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    /// Puts BOS in front and EOS behind, where tokenizer_config.json says so.
    private JsonNode postProcessor(AddedTokens.Numbered added) {
        ObjectNode template = NODES.objectNode().put("type", "TemplateProcessing");
        var single = template.putArray("single");
        ObjectNode special = template.putObject("special_tokens");
        if (flag("add_bos_token")) {
            added.bos().ifPresent(token -> single.add(use(token, special)));
        }
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        if (flag("add_eos_token")) {
            added.eos().ifPresent(token -> single.add(use(token, special)));
        }
        // of pairs of texts, which are never encoded here
        template.set("pair", single.deepCopy().add(sequenceB()));
        return single.size() == 1 ? NODES.nullNode() : template;
    }

    private static ObjectNode sequenceB() {
        ObjectNode sequence = NODES.objectNode();
        sequence.putObject("Sequence").put("id", "B").put("type_id", 1);
        return sequence;
    }

    private static ObjectNode use(AddedTokens.Placed token, ObjectNode special) {
        ObjectNode definition = special.putObject(token.content()).put("id", token.content());
        definition.putArray("ids").add(token.id());
        definition.putArray("tokens").add(token.content());
        ObjectNode use = NODES.objectNode();
        use.putObject("SpecialToken").put("id", token.content()).put("type_id", 0);
        return use;
    }

    private ObjectNode model(ObjectNode vocabulary) {
        ObjectNode model = NODES.objectNode().put("type", "BPE").putNull("dropout");
        model.putNull("unk_token")
                .put("continuing_subword_prefix", "")
                .put("end_of_word_suffix", "")
                .put("fuse_unk", false)
                .put("byte_fallback", false);
        model.set("vocab", vocabulary);
        var merges = model.putArray("merges");
        merges().forEach(merges::add);
        return model;
    }

    /// A merge per line, the two parts with a space between them.
    private List<String> merges() {
        Path file = directory.resolve(MERGES);
        var merges = new ArrayList<String>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (!line.startsWith("#version")) {
                if (line.split(" ", -1).length != 2) {
                    throw new CheckpointException(
                            "%s: line %d must be two entries of the vocabulary with one space between them, but is '%s'; download it again"
                                    .formatted(file, number, shown(line)));
                }
                merges.add(line);
            }
        }
        return merges;
    }

    private static List<String> lines(Path file) {
        byte[] bytes = StrictJson.bytes(file, MAX_BYTES);
        try (Reader reader = StrictJson.utf8(bytes, bytes.length)) {
            return split(reader.readAllAsString());
        } catch (IOException e) {
            throw new CheckpointException(
                    "%s: is not UTF-8 text; download it again".formatted(file), e);
        }
    }

    /// At line feeds alone, each with a carriage return in front of it or not.
    private static List<String> split(String text) {
        var lines = new ArrayList<>(List.of(text.replace("\r\n", "\n").split("\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    private ObjectNode object(String name) {
        Path file = directory.resolve(name);
        return Files.exists(file) || name.equals(VOCABULARY)
                ? StrictJson.object(file, StrictJson.bytes(file, MAX_BYTES))
                : NODES.objectNode();
    }

    private boolean flag(String key) {
        JsonNode value = config.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw new CheckpointException(
                    "%s: %s must be true or false, but is %s; correct the file or download it again"
                            .formatted(directory.resolve(CONFIG), key, shown(value.toString())));
        }
        return value.asBoolean(false);
    }

    private static String text(ObjectNode json, String key) {
        return json.path(key).asString("");
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
