package entropylens.jinja;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A template, and what transformers made of conversations with it (`tools/make_chat_goldens.py`).
record TemplateGolden(Path file, String source, JsonNode golden) {
    static final Path OURS = Path.of("src/test/resources/chat");
    private static final JsonMapper JSON = new JsonMapper();

    /// All in a folder, by name.
    static List<TemplateGolden> all(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<TemplateGolden> all = new ArrayList<>();
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".jinja")).sorted().toList()) {
                String json = file.getFileName().toString().replace(".jinja", ".json");
                all.add(
                        new TemplateGolden(
                                file, Files.readString(file), JSON.readTree(folder.resolve(json))));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return file.getFileName().toString();
    }

    @Override
    public String toString() {
        return name();
    }

    LocalDateTime now() {
        return LocalDateTime.parse(golden.path("now").asString());
    }

    /// A conversation.
    ///
    /// @param wanted what transformers makes of it
    record Case(String conversation, String wanted, Map<String, Object> variables) {
        boolean refused() {
            return wanted.startsWith("REFUSED");
        }

        /// Whether what came of it is what transformers makes; of a refusal only a template's own
        /// message is compared.
        boolean is(String actual) {
            return wanted.equals("REFUSED") ? actual.startsWith(wanted) : actual.equals(wanted);
        }
    }

    List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        golden.path("cases")
                .forEachEntry((conversation, expected) ->
                        cases.add(
                                new Case(conversation, wanted(expected), variables(conversation))));
        return cases;
    }

    private static String wanted(JsonNode expected) {
        if (expected.has("text")) {
            return expected.path("text").asString();
        }
        return expected.path("of_template").asBoolean()
                ? "REFUSED the template says: " + expected.path("error").asString()
                : "REFUSED";
    }

    /// What is made of a conversation here, or the refusal.
    String outcome(Case one) {
        try {
            return Template.parse(source, name()).render(one.variables(), this::now);
        } catch (TemplateException e) {
            String message = String.valueOf(e.getMessage());
            return "REFUSED " + message.substring(message.indexOf(": ") + 2);
        }
    }

    private Map<String, Object> variables(String conversation) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("add_generation_prompt", true);
        variables.put("tools", null);
        variables.put("documents", null);
        golden.path("special").forEachEntry((name, token) -> variables.put(name, token.asString()));
        JSON.readTree(file.resolveSibling("conversations.json"))
                .path(conversation)
                .forEachEntry((name, value) ->
                        variables.put(name, JSON.treeToValue(value, Object.class)));
        return variables;
    }
}
