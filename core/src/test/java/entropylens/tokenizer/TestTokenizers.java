package entropylens.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// Small tokenizer.json files, made here: byte-level BPE as in GPT-2, BPE with byte fallback as in
/// Llama 2, Unigram with Metaspace, and one without a decoder.
final class TestTokenizers {

    static final String METASPACE_DECODER =
            """
            {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true}\
            """;

    private TestTokenizers() {}

    /// Ids 0..255 are the bytes in order; 256 "he", 257 " t", 258 " the", 259 E2 82, 260 82 AC, 261
    /// AC E2; 262 `<|end|>` (special, added in front); 263 `[é x]` (added, not special); 264 is a
    /// hole; 265 `<|pad|>` (special). The file asks for truncation and padding.
    static String byteLevel() {
        var vocabulary = new LinkedHashMap<String, Integer>();
        for (int b = 0; b < 256; b++) {
            vocabulary.put(letter(b), b);
        }
        var merges = List.of("h e", "Ġ t", "Ġt he", "â Ĥ", "Ĥ ¬", "¬ â");
        for (String merge : merges) {
            vocabulary.put(merge.replace(" ", ""), vocabulary.size());
        }
        return """
        {"version": "1.0",
         "truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0},
         "padding": {"strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": null,
                     "pad_id": 265, "pad_type_id": 0, "pad_token": "<|pad|>"},
         "added_tokens": [%s, %s, %s],
         "normalizer": null,
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
         "post_processor": %s,
         "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
         "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
                   "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false,
                   "vocab": %s, "merges": %s}}
        """
                .formatted(
                        added(262, "<|end|>", true),
                        added(263, "[é x]", false),
                        added(265, "<|pad|>", true),
                        template("<|end|>", 262),
                        json(vocabulary),
                        json(merges));
    }

    /// Ids 0..2 `<unk>` `<s>` `</s>`; 3..258 the bytes; then the pieces "▁", "a", "b", "▁a", "é",
    /// "▁▁", "😀".
    static String sentencePiece() {
        var vocabulary = new LinkedHashMap<String, Integer>();
        List.of("<unk>", "<s>", "</s>").forEach(s -> vocabulary.put(s, vocabulary.size()));
        for (int b = 0; b < 256; b++) {
            vocabulary.put("<0x%02X>".formatted(b), vocabulary.size());
        }
        List.of("▁", "a", "b", "▁a", "é", "▁▁", "😀")
                .forEach(s -> vocabulary.put(s, vocabulary.size()));
        return """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [%s, %s, %s],
         "normalizer": {"type": "Sequence", "normalizers": [
             {"type": "Prepend", "prepend": "▁"},
             {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
         "pre_tokenizer": null,
         "post_processor": %s,
         "decoder": {"type": "Sequence", "decoders": [
             {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
             {"type": "ByteFallback"}, {"type": "Fuse"},
             {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
         "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>", "continuing_subword_prefix": null,
                   "end_of_word_suffix": null, "fuse_unk": true, "byte_fallback": true,
                   "vocab": %s, "merges": ["▁ a", "▁ ▁"]}}
        """
                .formatted(
                        added(0, "<unk>", true),
                        added(1, "<s>", true),
                        added(2, "</s>", true),
                        template("<s>", 1),
                        json(vocabulary));
    }

    /// Ids 0 `<unk>`, then "▁", "▁a", "a", "b", "▁▁b", "c▁", with this decoder.
    static String unigram(String decoder) {
        String vocabulary =
                List.of("<unk>", "▁", "▁a", "a", "b", "▁▁b", "c▁").stream()
                        .map(piece -> "[\"%s\", -2.5]".formatted(piece))
                        .collect(Collectors.joining(", "));
        return """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s], "normalizer": null,
         "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
         "post_processor": null, "decoder": %s,
         "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false, "vocab": [%s]}}
        """
                .formatted(added(0, "<unk>", true), decoder, vocabulary);
    }

    static DjlTokenizer open(Path directory, String json) {
        return (DjlTokenizer) DjlTokenizer.open(write(directory, json));
    }

    static Path write(Path directory, String json) {
        try {
            return Files.writeString(directory.resolve("tokenizer.json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String letter(int b) {
        int before = 0;
        for (int i = 0; i < b; i++) {
            before += isItself(i) ? 0 : 1;
        }
        return String.valueOf((char) (isItself(b) ? b : 256 + before));
    }

    private static boolean isItself(int b) {
        return (b > 32 && b < 127) || (b > 160 && b != 173);
    }

    private static String added(int id, String content, boolean special) {
        return json(
                Map.of(
                        "id", id,
                        "content", content,
                        "special", special,
                        "normalized", false,
                        "single_word", false,
                        "lstrip", false,
                        "rstrip", false));
    }

    private static String template(String token, int id) {
        return """
        {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "%1$s", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
         "special_tokens": {"%1$s": {"id": "%1$s", "ids": [%2$d], "tokens": ["%1$s"]}}}\
        """
                .formatted(token, id);
    }

    private static String json(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }
}
