package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.family.LoadOptions;
import entropylens.kernels.Device;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplorerTest {
    @Test
    void itClosesWhileATextComputes() throws Exception {
        Served served = Served.start();
        String body = "{\"prompt\": \"the\", \"tokens\": 240, \"ignore_eos\": true}";
        try (Socket socket = new Socket("127.0.0.1", served.port())) {
            String request =
                    "POST /api/v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(body.length(), body);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            while (!served.explorer().turns().taken()) {
                Thread.sleep(5);
            }
            served.close();
        }
        assertThatThrownBy(() -> new Socket("127.0.0.1", served.port()).close())
                .isInstanceOf(Exception.class);
    }

    @Test
    void onlyModelsThatWereNamedAreOpened() {
        assertThatThrownBy(() ->
                        Explorer.start(
                                ExplorerSettings.local(),
                                Map.of(),
                                LoadOptions.NONE,
                                1,
                                Device.CPU))
                .hasMessageContaining("at least one model");
        try (Served served = Served.start(Map.of("only", Served.GPT2))) {
            assertThat(served.post("tokenise", "{\"prompt\": \"a\", \"model\": \"llama\"}").body())
                    .contains("there is no model 'llama' here; there are only");
        }
    }

    @Test
    void theAddressIsWhatABrowserTakes() {
        try (Explorer explorer =
                Explorer.start(
                        new ExplorerSettings("127.0.0.1", 0, Optional.empty()),
                        Map.of("m", Served.GPT2),
                        LoadOptions.NONE,
                        1,
                        Device.CPU)) {
            assertThat(explorer.address()).matches("http://127\\.0\\.0\\.1:\\d+/");
        }
        assertThat(Hosts.inUrl("::1")).isEqualTo("[::1]");
        assertThat(Hosts.withoutPort("[::1]:80")).isEqualTo("[::1]");
    }
}
