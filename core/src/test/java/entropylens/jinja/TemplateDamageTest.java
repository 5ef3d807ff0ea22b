package entropylens.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Templates damaged at random: whatever is left of one, it makes a text or is refused by the one
/// exception, soon. `-Dchat.damages=100000` for more of them.
class TemplateDamageTest {
    private static final int DAMAGES = Integer.getInteger("chat.damages", 2_000);
    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\{%-?|-?%\\}|\\{\\{-?|-?\\}\\}|'[^'\\n]*'|\\w+|\\s+|.", Pattern.DOTALL);
    private static final long SLOWEST = 20_000_000_000L;

    @Test
    void aDamagedTemplateIsRenderedOrRefused() throws IOException {
        List<List<String>> templates = templates();
        Random random = new Random(7);
        int rendered = 0;
        for (int i = 0; i < DAMAGES; i++) {
            String damaged = damaged(templates, random);
            long begin = System.nanoTime();
            rendered += renders(damaged) ? 1 : 0;
            assertThat(System.nanoTime() - begin).as(damaged).isLessThan(SLOWEST);
        }
        // damage that always shows at once would test the parser alone
        assertThat(rendered).isBetween(DAMAGES / 20, DAMAGES * 19 / 20);
    }

    private static List<List<String>> templates() throws IOException {
        List<List<String>> templates = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/chat"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jinja")).sorted().toList()) {
                templates.add(
                        TOKEN.matcher(Files.readString(file))
                                .results()
                                .map(match -> match.group())
                                .toList());
            }
        }
        return templates;
    }

    private static String damaged(List<List<String>> templates, Random random) {
        List<String> tokens = new ArrayList<>(any(templates, random));
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(tokens.size());
            switch (random.nextInt(4)) {
                case 0 -> tokens.remove(at);
                case 1 -> tokens.add(at, any(any(templates, random), random));
                case 2 -> tokens.set(at, any(tokens, random));
                default -> tokens.addAll(at, tokens.subList(0, at / 4 + 1).stream().toList());
            }
        }
        return String.join("", tokens);
    }

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static boolean renders(String source) {
        Map<String, Object> message =
                Map.of(
                        "role",
                        "user",
                        "content",
                        "Hi",
                        "tool_calls",
                        List.of(Map.of("function", Map.of("name", "f", "arguments", Map.of()))));
        try {
            Template.parse(source, "damaged")
                    .render(
                            Map.of("messages", List.of(message, message), "bos_token", "<s>"),
                            () -> LocalDateTime.of(2026, 11, 7, 9, 5));
            return true;
        } catch (TemplateException e) {
            assertThat(e.getMessage()).startsWith("damaged, line ");
            return false;
        }
    }
}
