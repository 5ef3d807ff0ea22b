package entropylens.cli;

import entropylens.checkpoint.ConfigJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The goldens of core as checkpoints, and copies of them to add a tokenizer to or to damage.
final class TestModel {
    static final List<String> GOLDENS =
            List.of(
                    "llama-gqa-tied",
                    "llama-biased-untied",
                    "llama3-rope",
                    "llama-sharded-bf16",
                    "llama-f16",
                    "mistral-window",
                    "gpt2-base",
                    "gpt2-options");

    /// 101 tokens, 3 blocks, a context of 64; no tokenizer.
    static final Path PLAIN = golden("llama-gqa-tied");

    private TestModel() {}

    static Path golden(String name) {
        return Path.of("../core/src/test/resources/goldens", name);
    }

    static int[] inputIds(Path golden) {
        return ConfigJson.read(golden.resolve("golden.json")).ints("input_ids");
    }

    static int[] greedyIds(Path golden) {
        return ConfigJson.read(golden.resolve("golden.json")).ints("greedy_ids");
    }

    static String joined(int[] ids) {
        return Arrays.stream(ids).mapToObj(String::valueOf).collect(Collectors.joining(","));
    }

    static String inputs(Path golden) {
        return "--token-ids " + joined(inputIds(golden)) + " ";
    }

    /// A copy of a golden's checkpoint in a new folder.
    static Path copy(Path parent, String golden) {
        try {
            Path copy = Files.createTempDirectory(parent, "model");
            try (Stream<Path> files = Files.list(golden(golden))) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
            Files.deleteIfExists(copy.resolve("points.safetensors")); // no part of a model
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A copy of [#PLAIN] with a byte-level tokenizer: 0 is the special token `<|end|>`; 1 to 26
    /// are the letters; 27 a space, 28 a line break, 30 a full stop. Greedy text from the golden's
    /// input runs through tokens that a terminal would act on.
    static Path withTokenizer(Path parent) {
        Path model = copy(parent, "llama-gqa-tied");
        write(model.resolve("tokenizer.json"), tokenizer(vocabulary()));
        return model;
    }

    /// The token that the tokenizer of [#withChat] puts before every text; and the same spelled out
    /// in a text, where it has the id behind the vocabulary, which does not list it.
    static final int ADDED = 0;

    static final int SPELLED = 100;

    /// The template of [#withChat].
    static final String TEMPLATE =
            "<|end|>{% for m in messages %}{{ m.role }} {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}model {% endif %}";

    /// The same with a chat template, and a tokenizer that puts BOS, token 0, before every text.
    static Path withChat(Path parent) {
        Path model = withTokenizer(parent);
        edit(
                model.resolve("tokenizer.json"),
                "\"post_processor\": null",
                """
                "post_processor": {"type": "TemplateProcessing",
                  "single": [{"SpecialToken": {"id": "<|end|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                  "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                  "special_tokens": {"<|end|>": {"id": "<|end|>", "ids": [0], "tokens": ["<|end|>"]}}}\
                """);
        write(model.resolve("chat_template.jinja"), TEMPLATE);
        return model;
    }

    /// A special token, then letters.
    static int[] begun(int special, String text) {
        int[] ids = ids("." + text);
        ids[0] = special;
        return ids;
    }

    static String[] vocabulary() {
        String[] tokens = new String[101];
        Arrays.setAll(tokens, id -> " w" + id);
        tokens[0] = "<|end|>";
        for (int i = 0; i < 26; i++) {
            tokens[1 + i] = String.valueOf((char) ('a' + i));
        }
        tokens[27] = " ";
        tokens[28] = "\n";
        tokens[29] = "\u001b";
        tokens[30] = ".";
        tokens[31] = "@";
        tokens[32] = "-";
        // these are among the greedy tokens
        tokens[67] = "\u001b[2J";
        tokens[49] = "\u009b31m";
        tokens[50] = "\u202e";
        tokens[70] = "\n\n";
        tokens[61] = "語";
        tokens[74] = " a token that is much longer than any column of the table could be";
        tokens[55] = "\r";
        return tokens;
    }

    static String tokenizer(String[] tokens) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int id = 1; id < tokens.length; id++) {
            ids.put(letters(tokens[id]), id);
        }
        return """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [{"id": 0, "content": "%s", "special": true, "normalized": false,
                           "single_word": false, "lstrip": false, "rstrip": false}],
         "normalizer": null,
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
         "post_processor": null,
         "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
         "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
                   "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false,
                   "vocab": %s, "merges": []}}
        """
                .formatted(tokens[0], JsonMapper.shared().writeValueAsString(ids));
    }

    /// GPT-2's alphabet of bytes.
    private static String letters(String text) {
        StringBuilder letters = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            letters.append(letter(Byte.toUnsignedInt(b)));
        }
        return letters.toString();
    }

    private static char letter(int b) {
        int before = 0;
        for (int i = 0; i < b; i++) {
            before += isItself(i) ? 0 : 1;
        }
        return (char) (isItself(b) ? b : 256 + before);
    }

    private static boolean isItself(int b) {
        return (b > 32 && b < 127) || (b > 160 && b != 173);
    }

    /// The ids of letters and spaces.
    static int[] ids(String text) {
        return text.chars().map(c -> Arrays.asList(vocabulary()).indexOf((char) c + "")).toArray();
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void edit(Path file, String from, String to) {
        try {
            String text = Files.readString(file);
            if (!text.contains(from)) {
                throw new IllegalArgumentException(file + " has no " + from);
            }
            Files.writeString(file, text.replace(from, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Float32 values of a tensor in a safetensors file.
    static float[] floats(Path file, String tensor) {
        ByteBuffer data = data(bytes(file), tensor);
        float[] floats = new float[data.remaining() / Float.BYTES];
        data.asFloatBuffer().get(floats);
        return floats;
    }

    /// Puts one float32 value into a tensor of a file.
    static void poke(Path file, String tensor, int index, float value) {
        byte[] bytes = bytes(file);
        ByteBuffer data = data(bytes, tensor);
        data.putFloat(data.position() + index * Float.BYTES, value);
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer data(byte[] file, String tensor) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong(0));
        JsonNode entry =
                JsonMapper.shared()
                        .readTree(new String(file, 8, header, StandardCharsets.UTF_8))
                        .required(tensor);
        JsonNode offsets = entry.required("data_offsets");
        bytes.position(8 + header + offsets.get(0).asInt());
        bytes.limit(8 + header + offsets.get(1).asInt());
        return bytes;
    }
}
