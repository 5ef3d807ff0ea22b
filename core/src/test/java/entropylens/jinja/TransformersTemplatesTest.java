package entropylens.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `tools/make_chat_goldens.py` wrote with transformers: every template with every
/// conversation, to the byte, or refused where transformers refuses. `-Dchat.templates=DIR` takes
/// another folder.
class TransformersTemplatesTest {
    private static final Path OURS = Path.of("src/test/resources/chat");
    private static final Path FOLDER =
            Path.of(System.getProperty("chat.templates", OURS.toString()));
    private static final JsonMapper JSON = new JsonMapper();

    static Stream<Path> templates() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .filter(file -> file.toString().endsWith(".jinja"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void aTemplateMakesOfEveryConversationWhatTransformersMakes(Path file) throws IOException {
        String source = Files.readString(file);
        String name = file.getFileName().toString();
        JsonNode golden = read(name.replace(".jinja", ".json"));
        LocalDateTime now = LocalDateTime.parse(golden.path("now").asString());
        List<String> differences = new ArrayList<>();
        golden.path("cases")
                .forEachEntry((conversation, expected) -> {
                    String actual = outcome(source, name, variables(golden, conversation), now);
                    String wanted =
                            expected.has("text")
                                    ? expected.path("text").asString()
                                    : expected.path("of_template").asBoolean()
                                            ? "REFUSED the template says: "
                                                    + expected.path("error").asString()
                                            : "REFUSED";
                    boolean same =
                            wanted.equals("REFUSED")
                                    ? actual.startsWith(wanted)
                                    : actual.equals(wanted);
                    if (!same) {
                        differences.add(
                                conversation
                                        + difference(
                                                actual,
                                                wanted + expected.path("error").asString("")));
                    }
                });
        assertThat(differences).isEmpty();
    }

    /// Where two texts part, with what is around.
    private static String difference(String actual, String wanted) {
        int at = 0;
        while (at < actual.length()
                && at < wanted.length()
                && actual.charAt(at) == wanted.charAt(at)) {
            at++;
        }
        int from = Math.max(0, at - 60);
        return " at %d: '%s' but transformers '%s'"
                .formatted(
                        at,
                        actual.substring(from, Math.min(actual.length(), at + 60)),
                        wanted.substring(from, Math.min(wanted.length(), at + 60)));
    }

    private static String outcome(
            String source, String name, Map<String, Object> variables, LocalDateTime now) {
        try {
            return Template.parse(source, name).render(variables, () -> now);
        } catch (TemplateException e) {
            String message = String.valueOf(e.getMessage());
            return "REFUSED " + message.substring(message.indexOf(": ") + 2);
        }
    }

    private static Map<String, Object> variables(JsonNode golden, String conversation) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("add_generation_prompt", true);
        variables.put("tools", null);
        variables.put("documents", null);
        golden.path("special").forEachEntry((name, token) -> variables.put(name, token.asString()));
        read("conversations.json")
                .path(conversation)
                .forEachEntry((name, value) ->
                        variables.put(name, JSON.treeToValue(value, Object.class)));
        return variables;
    }

    private static JsonNode read(String name) {
        return JSON.readTree(FOLDER.resolve(name));
    }

    /// What published templates use; each is in one of ours, so that none is right untested.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "namespace(",
                "{% macro",
                "{% call",
                "caller(",
                "{% generation",
                "{% filter",
                "{%- set shout |",
                "{%- set header -%}",
                "{% break",
                "{% continue",
                "{% raw",
                "{#",
                "{%+",
                "+%}",
                "recursive",
                "{% with",
                "loop.index0",
                "loop.index",
                "loop.first",
                "loop.last",
                "loop.previtem",
                "loop.nextitem",
                "loop.length",
                "loop.cycle",
                "[::-1]",
                "[1:]",
                "[:-1]",
                "[-1]",
                " ~ ",
                " // ",
                " ** ",
                "if key !=",
                "is defined",
                "is not defined",
                "is string",
                "is mapping",
                "is iterable",
                "is sequence",
                "is none",
                "is not none",
                "is false",
                "is true",
                "is boolean",
                "is number",
                "is undefined",
                " in ",
                "not in",
                "|tojson",
                "tojson(indent=",
                "ensure_ascii",
                "separators",
                "| trim",
                "default(",
                "| length",
                "join(",
                "map(attribute=",
                "map('",
                "selectattr(",
                "rejectattr(",
                "| items",
                "| upper",
                "| lower",
                "| capitalize",
                "replace(",
                "| first",
                "| last",
                "| list",
                "|string",
                "| int",
                "| safe",
                "dictsort",
                "unique",
                "indent(",
                "| sort",
                "| min",
                "| max",
                "| reverse",
                ".split(",
                ".strip(",
                ".lstrip(",
                ".rstrip(",
                ".startswith(",
                ".endswith(",
                ".items()",
                ".get(",
                ".keys()",
                ".upper()",
                ".title()",
                ".replace(",
                ".format(",
                ".values()",
                "strftime_now(",
                "raise_exception(",
                "range(",
                "bos_token",
                "eos_token",
                "add_generation_prompt",
                "enable_thinking",
                "documents"
            })
    void aConstructOfPublishedTemplatesIsTested(String construct) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(OURS)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jinja")).toList()) {
                all.append(Files.readString(file));
            }
        }
        assertThat(all).contains(construct);
    }
}
