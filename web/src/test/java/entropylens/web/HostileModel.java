package entropylens.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// A golden of core whose vocabulary is made of what a page must not act on, with a chat template.
final class HostileModel {
    private static final Path GOLDEN = Path.of("../core/src/test/resources/goldens/llama-gqa-tied");
    private static final int VOCABULARY = 101;

    /// Each stands for several ids, told apart by a number behind it.
    private static final List<String> TOKENS =
            List.of(
                    "<script>document.title = 'broken'</script>",
                    "<img src=x onerror=\"document.title='broken'\">",
                    "\u202e\u2067override",
                    "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308",
                    "\u0007\u001b[2J",
                    "\u200b\ufeff",
                    "long".repeat(60),
                    "&amp;</td>");

    private HostileModel() {}

    static Path in(Path folder) throws IOException {
        Path model = Files.createDirectory(folder.resolve("hostile"));
        try (Stream<Path> files = Files.list(GOLDEN)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Files.writeString(model.resolve("tokenizer.json"), tokenizer());
        Files.writeString(
                model.resolve("chat_template.jinja"),
                "{% for message in messages %}{{ message.role[0] }}{{ message.content }}{% endfor %}");
        return model;
    }

    static String token(int id) {
        return id < 27
                ? String.valueOf((char) ('a' + id - 1))
                : TOKENS.get(id % TOKENS.size()) + (id < 27 + TOKENS.size() ? "" : id);
    }

    private static String tokenizer() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        List<Map<String, Object>> added =
                Stream.iterate(27, id -> id < VOCABULARY, id -> id + 1)
                        .map(HostileModel::added)
                        .toList();
        for (int id = 1; id < 27; id++) {
            ids.put(token(id), id);
        }
        ids.put("?", 0);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put("truncation", null);
        json.put("padding", null);
        json.put("added_tokens", added);
        json.put("normalizer", null);
        json.put("pre_tokenizer", null);
        json.put("post_processor", null);
        json.put("decoder", Map.of("type", "Fuse"));
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("vocab", ids);
        model.put("merges", List.of());
        json.put("model", model);
        return JsonMapper.shared().writeValueAsString(json);
    }

    private static Map<String, Object> added(int id) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("id", id);
        token.put("content", token(id));
        Arrays.asList("special", "normalized", "single_word", "lstrip", "rstrip")
                .forEach(name -> token.put(name, false));
        return token;
    }
}
