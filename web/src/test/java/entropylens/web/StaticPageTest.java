package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// All of the page is in the jar, and nothing of it comes from elsewhere.
class StaticPageTest {
    static final List<String> FILES = StaticPage.FILES;

    private static String text(String file) throws IOException {
        return new String(StaticPage.resource("page/" + file), StandardCharsets.UTF_8);
    }

    @Test
    void everyFileIsListed() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/entropylens/web/page"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(FILES);
        }
    }

    @Test
    void everyFileIsServedAsWhatItIs() {
        try (Served served = Served.start()) {
            for (String file : FILES) {
                HttpResponse<String> answer = served.get("/" + file);
                assertThat(answer.statusCode()).as(file).isEqualTo(200);
                assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                        .startsWith(
                                file.endsWith(".js")
                                        ? "text/javascript"
                                        : file.endsWith(".css")
                                                ? "text/css"
                                                : file.endsWith(".svg")
                                                        ? "image/svg+xml"
                                                        : "text/html");
            }
            assertThat(served.get("/").body()).isEqualTo(served.get("/index.html").body());
        }
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void nothingComesFromElsewhereAndNoTextBecomesMarkup(String file) throws IOException {
        String text = text(file).replace("http://www.w3.org/2000/svg", "");
        assertThat(text).doesNotContain("http://", "https://", "//cdn", "@import url");
        assertThat(text)
                .doesNotContain(
                        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    /// The policy of [Doorkeeper] would forbid them.
    @Test
    void noScriptAndNoStyleIsInsideThePage() throws IOException {
        assertThat(text("index.html"))
                .doesNotContainPattern("<script(?![^>]*src=)")
                .doesNotContain("<style")
                .doesNotContainPattern("\\s(style|on\\w+)=");
    }

    @Test
    void everyModuleIsFound() throws IOException {
        for (String file : FILES) {
            if (file.endsWith(".js")) {
                java.util.regex.Pattern.compile("from '\\./([^']+)'")
                        .matcher(text(file))
                        .results()
                        .forEach(found -> assertThat(FILES).contains(found.group(1)));
            }
        }
    }
}
