package entropylens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigJsonTest {

    @TempDir Path directory;

    /// Single quotes stand for double ones.
    private ConfigJson config(String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return ConfigJson.read(SafetensorsWriter.write(directory.resolve("config.json"), bytes));
    }

    private static void refuses(ThrowingCallable what, String... saying) {
        assertThatThrownBy(what)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json")
                .satisfies(e ->
                        assertThat(List.of(saying))
                                .allSatisfy(part -> assertThat(e).hasMessageContaining(part)));
    }

    @Test
    void valuesAreReadWithTheirTypes() {
        var config =
                config(
                        "{'i': 768, 'd': 1e-05, 'b': true, 's': 'gelu', 'n': null, 'l': ['x', 'y'], 'e': [1, 2], 'one': 3, 'f': [1, 2.5]}");
        assertThat(config.requireInt("i")).isEqualTo(768);
        assertThat(config.requireDouble("d")).isEqualTo(1e-5);
        assertThat(config.requireDouble("i")).isEqualTo(768);
        assertThat(config.boolOr("b", false)).isTrue();
        assertThat(config.requireString("s")).isEqualTo("gelu");
        assertThat(config.strings("l")).containsExactly("x", "y");
        assertThat(config.ints("e")).containsExactly(1, 2);
        assertThat(config.ints("one")).containsExactly(3);
        assertThat(config.doubles("f")).containsExactly(1, 2.5);
    }

    @Test
    void nullCountsAsAbsent() {
        var config = config("{'n': null}");
        assertThat(config.has("n")).isFalse();
        assertThat(config.optionalInt("n")).isEmpty();
        assertThat(config.optionalDouble("n")).isEmpty();
        assertThat(config.string("n")).isEmpty();
        assertThat(config.object("n")).isEmpty();
        assertThat(config.strings("n")).isEmpty();
        assertThat(config.ints("n")).isEmpty();
        assertThat(config.doubles("n")).isEmpty();
        assertThat(config.intOr("n", 7)).isEqualTo(7);
        assertThat(config.doubleOr("n", 0.5)).isEqualTo(0.5);
        assertThat(config.boolOr("n", true)).isTrue();
        assertThat(config.stringOr("n", "silu")).isEqualTo("silu");
        assertThatCode(() -> config("{'n': null}").refuseUnread(Set.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void aMissingNumberIsAnErrorAndNotZero() {
        var config = config("{'hidden_dim': 8}");
        refuses(
                () -> config.requireInt("hidden_size"),
                "the key hidden_size is missing",
                "an integer");
        refuses(() -> config.requireInt("hidden_dims"), "there is 'hidden_dim'");
        refuses(() -> config.requireDouble("rms_norm_eps"), "rms_norm_eps is missing", "a number");
        refuses(() -> config.requireString("model_type"), "model_type is missing", "a string");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"'768'", "768.0", "7.5", "true", "[768]", "{}", "1e3", "NaN", "-Infinity"})
    void whatIsNoIntegerIsRefusedAsOne(String value) {
        var config = config("{'hidden_size': " + value + "}");
        refuses(
                () -> config.intOr("hidden_size", 1),
                "hidden_size must be an integer, but is",
                value.replace('\'', '"').substring(0, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "1000000000000000000", "123456789012345678901234567890"})
    void aSizeOfMoreThan32BitsIsRefusedWithItsBound(String value) {
        var config = config("{'hidden_size': %s, 'n_ctx': %s}".formatted(value, value));
        String shown = "%,d".formatted(new BigInteger(value));
        refuses(
                () -> config.requireInt("hidden_size"),
                "hidden_size is " + shown + ", but no model has a size above 16,777,216");
        refuses(
                () -> config.requireInt("n_ctx"),
                "n_ctx is " + shown + ", but no length above 2,147,483,647 is read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-2147483649"})
    void aSizeIsAtLeastOne(String value) {
        refuses(
                () -> config("{'n_ctx': " + value + "}").requireInt("n_ctx"),
                "n_ctx is %,d, but must be at least 1".formatted(Long.parseLong(value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'1e-5'", "true", "[]", "{}", "NaN", "Infinity", "-Infinity", "1e999"})
    void whatIsNoFiniteNumberIsRefusedAsOne(String value) {
        var config = config("{'eps': " + value + "}");
        refuses(() -> config.doubleOr("eps", 1), "eps must be a finite number, but is");
    }

    @Test
    void anIntegerTooLongForADoubleIsRefused() {
        var config = config("{'theta': 1" + "0".repeat(400) + "}");
        refuses(() -> config.requireDouble("theta"), "theta must be a finite number");
    }

    @Test
    void otherWrongTypesAreRefused() {
        var config = config("{'b': 'true', 's': 1, 'o': [1], 'l': 'x', 'm': [1]}");
        refuses(() -> config.boolOr("b", true), "b must be a boolean, but is \"true\" (a string)");
        refuses(() -> config.string("s"), "s must be a string, but is 1 (a number)");
        refuses(() -> config.object("o"), "o must be an object, but is [1] (a list)");
        refuses(() -> config.strings("l"), "l must be a list, but is \"x\"");
        refuses(() -> config.strings("m"), "m must be a list of strings, but is 1");
        refuses(() -> config.ints("l"), "l must be a list");
        refuses(() -> config.doubles("s"), "s must be a list");
    }

    @Test
    void aKeyThatNobodyReadStopsTheLoad() {
        var config = config("{'a': 1, 'zeta': {'x': [1]}, 'b': 2}");
        config.requireInt("a");
        config.withoutEffect("b", "not there");
        refuses(() -> config.refuseUnread(Set.of()), "zeta = {\"x\":[1]}");
    }

    @Test
    void askingWhetherAKeyIsThereIsNotReadingIt() {
        var config = config("{'a': 1}");
        assertThat(config.has("a")).isTrue();
        refuses(() -> config.refuseUnread(Set.of()), "a = 1");
    }

    @Test
    void nestedKeysAreWatchedUnderTheirPath() {
        var config = config("{'rope_scaling': {'factor': '8', 'type': 'linear', 'odd': 1}}");
        var rope = config.object("rope_scaling").orElseThrow();
        refuses(() -> rope.requireDouble("factor"), "rope_scaling.factor must be a finite number");
        refuses(() -> rope.requireInt("low"), "rope_scaling.low is missing");
        assertThat(config.object("rope_scaling").orElseThrow().requireString("type"))
                .isEqualTo("linear");
        refuses(() -> config.refuseUnread(Set.of()), "rope_scaling.odd = 1");
        assertThat(config.refuseUnread(Set.of("rope_scaling.odd")).ignored())
                .containsExactlyEntriesOf(Map.of("rope_scaling.odd", "1"));
    }

    @Test
    void whatTheUserIgnoresIsReturnedForTheRecord() {
        var config = config("{'odd': [1, 'x']}");
        assertThat(config.refuseUnread(Set.of("odd")).ignored()).containsEntry("odd", "[1,\"x\"]");
    }

    @Test
    void ignoringWhatIsNotUnreadIsAnError() {
        var config = config("{'a': 1, 'odd': 2}");
        config.requireInt("a");
        refuses(
                () -> config.refuseUnread(Set.of("a")),
                "has no unread key a, which is to be ignored");
        refuses(() -> config.refuseUnread(Set.of("nope")), "has no unread key nope", "[odd]");
    }

    @Test
    void mustBeAcceptsTheValueOrNothing() {
        var config = config("{'b': false, 's': 'silu', 'd': 1, 'n': null}");
        config.mustBe("b", false, "why");
        config.mustBe("s", "silu", "why");
        config.mustBe("d", 1.0, "why");
        config.mustBe("n", true, "why");
        config.mustBe("absent", 2.0, "why");
        config.refuseUnread(Set.of());
        refuses(
                () -> config.mustBe("b", true, "biases are not implemented"),
                "b is false, but must be true or absent: biases are not implemented");
        refuses(() -> config.mustBe("s", "gelu", "why"), "s is \"silu\"", "must be \"gelu\"");
        refuses(() -> config.mustBe("d", 1.5, "why"), "d is 1, but must be 1.5");
        refuses(() -> config.mustBe("s", true, "why"), "s must be a boolean");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [1]             | must hold a JSON object { ... }, but holds a list
                    3               | but holds a number
                    {"a": 1, "a":2} | Duplicate
                    {"o":{"a":1,"a":2}} | Duplicate
                    {"a": 1         | is not valid JSON
                    {"a": 1} {}     | is not valid JSON
                    {"a": 1,}       | is not valid JSON
                    {a: 1}          | is not valid JSON
                    """)
    void whatIsNotOneObjectIsRefused(String json, String reason) {
        refuses(() -> config(json), reason);
    }

    @Test
    void anEmptyOrBinaryOrBottomlessFileIsRefused() {
        refuses(() -> config(""));
        refuses(() -> config("{'a':".repeat(100_000)), "not valid JSON");
        Path file = directory.resolve("config.json");
        SafetensorsWriter.write(file, new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'});
        refuses(() -> ConfigJson.read(file), "it is not UTF-8 text");
        SafetensorsWriter.write(file, new byte[16_000_001]);
        refuses(() -> ConfigJson.read(file), "larger than 16,000,000 bytes");
    }

    @Test
    void aMissingFileOrDirectoryIsSaid() {
        Path file = directory.resolve("config.json");
        refuses(() -> ConfigJson.read(file), "there is no config.json in " + directory);
        assertThatThrownBy(() -> ConfigJson.read(directory.resolve("nowhere/config.json")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("nowhere: there is no such directory");
    }

    @Test
    void theFingerprintIsThatOfTheFile() {
        assertThat(config("{}").sha256())
                .isEqualTo("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }
}
