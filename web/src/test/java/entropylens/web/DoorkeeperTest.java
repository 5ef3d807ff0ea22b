package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorkeeperTest {
    private static final String TOKEN = "a-word-of-24-characters-";

    private static Served served;
    private static Served guarded;

    @BeforeAll
    static void start() {
        served = Served.start();
        guarded =
                Served.start(
                        new ExplorerSettings("127.0.0.1", 0, Optional.of(TOKEN)),
                        Map.of("m", Served.LLAMA));
    }

    @AfterAll
    static void stop() {
        served.close();
        guarded.close();
    }

    /// The status of a request with these header lines, which no client would send.
    private static int status(Served server, String path, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            String request =
                    "GET %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n"
                            .formatted(path, String.join("\r\n", headers));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "LOCALHOST:80", "[::1]:7878", "127.0.0.1:9"})
    void thisMachineIsLetIn(String host) throws IOException {
        assertThat(status(served, "/", "Host: " + host)).isEqualTo(200);
        assertThat(status(served, "/api/v1/models", "Host: " + host)).isEqualTo(200);
    }

    /// DNS rebinding: a foreign name that was made to point here.
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "10.0.0.1", "localhost.x:1"})
    void aForeignNameIsNot(String host) throws IOException {
        assertThat(status(served, "/api/v1/models", "Host: " + host)).isEqualTo(403);
        assertThat(status(served, "/", "Host: " + host)).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"})
    void aPageOfAnotherSiteIsNot(String origin) throws IOException {
        assertThat(
                        status(
                                served,
                                "/api/v1/models",
                                "Host: 127.0.0.1:" + served.port(),
                                "Origin: " + origin))
                .isEqualTo(403);
    }

    @Test
    void theOwnPageIs() throws IOException {
        String own = "127.0.0.1:" + served.port();
        assertThat(status(served, "/api/v1/models", "Host: " + own, "Origin: http://" + own))
                .isEqualTo(200);
        assertThat(status(served, "/api/v1/models", "Host: " + own, "Sec-Fetch-Site: same-origin"))
                .isEqualTo(200);
    }

    @Test
    void aLinkFromElsewhereOpensThePageAndNoData() throws IOException {
        String[] link = {
            "Host: 127.0.0.1", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"
        };
        assertThat(status(served, "/", link)).isEqualTo(200);
        assertThat(status(served, "/api/v1/models", link)).isEqualTo(403);
        assertThat(status(served, "/", "Host: 127.0.0.1", "Sec-Fetch-Site: cross-site"))
                .isEqualTo(403);
    }

    @Test
    void withATokenDataIsForWhoeverHasIt() throws IOException {
        String host = "Host: 127.0.0.1";
        assertThat(status(guarded, "/", host)).as("the page holds no data").isEqualTo(200);
        assertThat(status(guarded, "/api/v1/models", host)).isEqualTo(401);
        assertThat(status(guarded, "/api/v1/models", host, "Authorization: Bearer x"))
                .isEqualTo(401);
        assertThat(status(guarded, "/api/v1/models?token=" + TOKEN, host)).isEqualTo(401);
        assertThat(status(guarded, "/api/v1/models", host, "Authorization: Bearer " + TOKEN))
                .isEqualTo(200);
        assertThat(guarded.explorer().address()).endsWith("/#token=" + TOKEN);
    }

    @Test
    void everyAnswerForbidsForeignScriptsAndGuessing() {
        for (String path : new String[] {"/", "/api/v1/models", "/nothing"}) {
            HttpResponse<String> answer = served.get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
                    .doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
            assertThat(answer.headers().firstValue("Server")).isEmpty();
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        }
    }

    @Test
    void otherMachinesNeedAToken() {
        assertThatThrownBy(() -> new ExplorerSettings("0.0.0.0", 0, Optional.empty()))
                .hasMessageContaining("--host 0.0.0.0 lets other machines in")
                .hasMessageContaining("--token");
        assertThatThrownBy(() -> new ExplorerSettings("example.org", 0, Optional.of("short")))
                .hasMessageContaining("16 to 200");
        assertThatThrownBy(() -> new ExplorerSettings("127.0.0.1", 70_000, Optional.empty()))
                .hasMessageContaining("--port must be 0");
        assertThatThrownBy(() -> new ExplorerSettings("a b", 0, Optional.of(TOKEN)))
                .hasMessageContaining("--host must be a name");
        assertThat(new ExplorerSettings("::1", 0, Optional.empty()).token()).isEmpty();
    }

    /// Of a server for others: its own name, and addresses, which nobody can point elsewhere.
    @Test
    void aServerForOthersAnswersToItsNameAndToAddresses() throws IOException {
        try (Served open =
                Served.start(
                        new ExplorerSettings("0.0.0.0", 0, Optional.of(TOKEN)),
                        Map.of("m", Served.LLAMA))) {
            assertThat(status(open, "/", "Host: 192.168.1.5:7878")).isEqualTo(200);
            assertThat(status(open, "/", "Host: [fe80::1]:7878")).isEqualTo(200);
            assertThat(status(open, "/", "Host: evil.example")).isEqualTo(403);
        }
    }
}
