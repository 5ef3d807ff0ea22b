package entropylens.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateErrorsTest {

    private static String render(String source) {
        Map<String, Object> variables =
                Map.of(
                        "messages",
                        List.of(Map.of("role", "user", "content", "Hi")),
                        "text",
                        "x".repeat(1000));
        return Template.parse(source, "chat_template.jinja")
                .render(variables, () -> LocalDateTime.of(2026, 11, 7, 9, 5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{{ messages|shout }}; there is no filter 'shout'",
                "{{ messages|urlize }}; filter 'urlize' is not supported",
                "{{ messages is loud }}; there is no test 'loud'",
                "{{ absent.role }}; 'absent' is undefined",
                "{{ messages[0].tool.name }}; 'dict object' has no attribute 'tool'",
                "{{ messages.append(1) }}; access to attribute 'append' of 'list' object is unsafe.",
                "{{ 'a' + 1 }}; operator + does not take 'str' and 'int'",
                "{{ messages() }}; 'list' object is not callable",
                "{% for m in 5 %}{% endfor %}; 'int' object is not iterable",
                "{% if messages %}; expected 'elif' or 'else' or 'endif', but found the end of the template",
                "{% include 'x' %}; tag 'include' is not supported",
                "{% shout %}; unknown tag 'shout'",
                "{{ messages; expected '}}', but found the end of the template",
                "{{ 'text }}; a string has no closing '",
                "{# never closed; a comment '{#' has no '#}'",
                "{% raw %}; 'raw' has no 'endraw'",
                "{{ [1, 2) }}; unexpected ')'",
                "{{ 1 ? 2 }}; unexpected character '?'",
                "{{ joiner() }}; joiner() is not supported",
                "{{ range(200000) }}; range() of 200000 elements, more than the 100000 of a sandboxed template",
                "{% macro m(a) %}{% endmacro %}{{ m(b=1) }}; macro 'm' takes no keyword argument 'b'",
                "{% break %}; tag 'break' outside of a loop",
                "{{ 9223372036854775807 + 1 }}; an integer of more than 64 bits is not supported",
                "{{ 1 // 0 }}; integer division or modulo by zero",
                "{{ messages[0]|tojson(indnt=2) }}; tojson has no argument 'indnt'",
                "{{ strftime_now('%Q') }}; strftime: '%Q' is not supported",
            })
    void anErrorNamesTheTemplateTheLineAndTheConstruct(String construct, String reason) {
        assertThatThrownBy(() -> render("First line\nsecond\n" + construct))
                .isInstanceOf(TemplateException.class)
                .hasMessage("chat_template.jinja, line 3: " + reason);
    }

    @Test
    void whatTheTemplateItselfSaysIsToldApart() {
        TemplateException own =
                catchThrowableOfType(
                        TemplateException.class,
                        () -> render("\n{{ raise_exception('Roles must alternate') }}"));
        assertThat(own)
                .hasMessage("chat_template.jinja, line 2: the template says: Roles must alternate");
        assertThat(own.ofTemplate()).isTrue();
        TemplateException other =
                catchThrowableOfType(TemplateException.class, () -> render("{{ absent() }}"));
        assertThat(other.ofTemplate()).isFalse();
    }

    /// Each would take all memory, or for ever.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(t=text) %}{% for i in range(60) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}",
                "{% set ns = namespace(t=[1]) %}{% for i in range(60) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
                "{% set ns = namespace(t=[1]) %}{% for i in range(60) %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.t }}",
                "{% set ns = namespace(t=[1]) %}{% for i in range(60) %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.t | tojson }}",
                "{% set ns = namespace(t=[1], u=[1]) %}{% for i in range(60) %}{% set ns.t = [ns.t, ns.t] %}{% set ns.u = [ns.u, ns.u] %}{% endfor %}{{ ns.t == ns.u }}",
                "{{ 'x' * 2000000000 }}",
                "{{ [1] * 2000000000 }}",
                "{{ 'x'.center(2000000000) }}",
                "{{ '%999999999d' % 1 }}",
                "{{ '{:999999999}'.format(1) }}",
                "{{ 'a\nb' | indent(2000000000) }}",
                "{{ [1] | tojson(indent=2000000000) }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
                "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
                "{% for i in range(99999) %}{{ text.replace('x', text) }}{% endfor %}",
                "{% set ns = namespace(g=messages) %}{% for i in range(99999) %}{% set ns.g = ns.g | select %}{% endfor %}{{ ns.g | list }}",
                "{% for i in range(99999) %}{% for c in text %}{% set a = text[500] %}{% endfor %}{% endfor %}",
            })
    void whatATemplateUsesIsBounded(String source) {
        Assertions.assertTimeout(
                Duration.ofSeconds(60),
                () ->
                        assertThatThrownBy(() -> render(source))
                                .isInstanceOf(TemplateException.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"(", "[", "{'a':", "not ", "-", "1 if ", "x(", "x[", "{% if x %}", "x|f("})
    void whatIsNestedTooDeeplyIsRefused(String opening) {
        String many = opening.repeat(100_000);
        String source = opening.startsWith("{%") ? many : "{{ " + many;
        assertThatThrownBy(() -> render(source)).isInstanceOf(TemplateException.class);
    }

    /// Names by which templates of other languages, or of Java, got out of their sandbox.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.__class__.__mro__ }}",
                "{{ messages.getClass() }}",
                "{{ ''.class.forName('java.lang.Runtime') }}",
                "{{ self._TemplateReference__context }}",
                "{{ raise_exception.__globals__ }}",
                "{{ '{0.__class__.__init__}'.format('') }}",
                "{{ cycler.__init__.__globals__ }}",
                "{{ lipsum.__globals__.os }}",
                "{{ namespace.__init__.x }}",
                "{% import 'os' as os %}",
                "{{ ''|attr('__class__')|attr('x') }}",
            })
    void nothingOfTheProgramIsReached(String source) {
        String reached;
        try {
            reached = render(source);
        } catch (TemplateException e) {
            reached = "";
        }
        assertThat(reached).isEmpty();
    }

    @Test
    void variablesAreWhatJsonHas() {
        Map<String, Object> variables =
                Map.of("a", Arrays.asList(1, 2L, 1.5, true, null, "x", Map.of("k", List.of())));
        assertThat(
                        Template.parse("{{ a }}", "t")
                                .render(variables, () -> LocalDateTime.of(2026, 11, 7, 9, 5)))
                .isEqualTo("[1, 2, 1.5, True, None, 'x', {'k': []}]");
    }
}
