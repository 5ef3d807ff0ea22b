package entropylens.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `tools/make_chat_goldens.py` wrote with transformers: every template with every
/// conversation, to the byte, or refused where transformers refuses. `-Dchat.templates=DIR` takes
/// another folder.
class TransformersTemplatesTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("chat.templates", TemplateGolden.OURS.toString()));

    static List<TemplateGolden> templates() {
        return TemplateGolden.all(FOLDER);
    }

    @ParameterizedTest
    @MethodSource("templates")
    void aTemplateMakesOfEveryConversationWhatTransformersMakes(TemplateGolden template) {
        List<String> differences = new ArrayList<>();
        for (TemplateGolden.Case one : template.cases()) {
            String actual = template.outcome(one);
            if (!one.is(actual)) {
                differences.add(one.conversation() + difference(actual, one.wanted()));
            }
        }
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
    void aConstructOfPublishedTemplatesIsTested(String construct) {
        assertThat(TemplateGolden.all(TemplateGolden.OURS))
                .anyMatch(template -> template.source().contains(construct));
    }
}
