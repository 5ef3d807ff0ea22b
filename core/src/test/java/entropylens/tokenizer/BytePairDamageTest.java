package entropylens.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// The files of a byte-level BPE, damaged at random: they are used, or refused by name.
class BytePairDamageTest {

    private static final Path BPE = Path.of("src/test/resources/bpe");
    private static final Map<String, String> GOOD = new TreeMap<>();

    private static Path directory = Path.of(".");

    @BeforeContainer
    static void read() throws IOException {
        directory = Files.createTempDirectory("bpe-damage");
        for (String name : List.of("vocab.json", "merges.txt")) {
            GOOD.put(name, Files.readString(BPE.resolve(name)));
        }
        GOOD.put(
                "tokenizer_config.json",
                """
                {"tokenizer_class": "GPT2Tokenizer", "add_bos_token": true, "add_eos_token": true,
                 "bos_token": {"__type": "AddedToken", "content": "</s>", "lstrip": true, "normalized": false},
                 "eos_token": "</s>", "pad_token": "<new>", "additional_special_tokens": ["<x>", "<y>"],
                 "add_prefix_space": false}\
                """);
        GOOD.put("special_tokens_map.json", "{\"unk_token\": \"<unk>\", \"cls_token\": null}");
        GOOD.put("added_tokens.json", "{\"<mask>\": 305, \"<m2>\": 306}");
    }

    @AfterContainer
    static void removeFiles() throws IOException {
        for (String name : GOOD.keySet()) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.delete(directory);
    }

    @Property(tries = 500, seed = "1", shrinking = ShrinkingMode.OFF)
    void damagedFilesAreUsedOrRefused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        int damaged = random.nextInt(GOOD.size());
        int at = 0;
        for (var file : GOOD.entrySet()) {
            String text = file.getValue();
            Files.writeString(
                    directory.resolve(file.getKey()),
                    at++ == damaged ? damaged(text, random) : text,
                    StandardCharsets.UTF_8);
        }
        try {
            Tokenizer tokenizer = Tokenizers.open(directory);
            for (int id : tokenizer.encode("Once the <s> é€😀\n<mask></s> <x><new>")) {
                tokenizer.token(id);
            }
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContaining(directory.toString());
        }
    }

    private static String damaged(String text, Random random) {
        var values =
                Pattern.compile("-?\\d+|\"[^\"]*\"|true|false|null|\\{[^{}]*}|[^\\s\"{}]+ \\S+")
                        .matcher(text)
                        .results()
                        .toList();
        var value = values.get(random.nextInt(values.size()));
        String[] others = {
            "0",
            "-1",
            "4294967296",
            "1e400",
            "null",
            "\"\"",
            "\"x\"",
            "\"\\u0000\"",
            "[]",
            "{}",
            "true",
            "a b",
            "",
            " ",
            values.get(random.nextInt(values.size())).group()
        };
        return text.substring(0, value.start())
                + others[random.nextInt(others.length)]
                + text.substring(value.end());
    }
}
