package entropylens.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.hub.HubSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionSettingsTest {
    @TempDir Path home;

    private ConnectionSettings settings(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new ConnectionSettings(HubSettings.of(environment, home));
    }

    @Test
    void theTokenOfTheEnvironmentComesBeforeThatOfTheFile() throws IOException {
        Path file = home.resolve(".cache/huggingface/token");
        assertThat(settings().token()).isEmpty();
        Files.createDirectories(file.getParent());
        Files.writeString(file, " hf_file\n");
        assertThat(authorization(settings())).isEqualTo("Bearer hf_file");
        assertThat(authorization(settings("HF_TOKEN", "  "))).isEqualTo("Bearer hf_file");
        assertThat(authorization(settings("HF_TOKEN", " hf_env\n"))).isEqualTo("Bearer hf_env");
        assertThat(authorization(settings("HUGGING_FACE_HUB_TOKEN", "hf_old")))
                .isEqualTo("Bearer hf_old");
        assertThat(settings("HF_TOKEN", "hf_env", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token())
                .isEmpty();
        Files.writeString(home.resolve("elsewhere"), "hf_elsewhere");
        assertThat(authorization(settings("HF_TOKEN_PATH", "~/elsewhere")))
                .isEqualTo("Bearer hf_elsewhere");
    }

    private static String authorization(ConnectionSettings settings) {
        return settings.token().orElseThrow().authorization();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf_secret\nX-Other: 1", "hf secret", "hf_secret\u0000", "hf_sécret"})
    void aTokenThatCannotBeAHeaderIsRefusedUnseen(String token) {
        assertThatThrownBy(() -> settings("HF_TOKEN", token).token())
                .hasMessageContaining("the access token from HF_TOKEN holds white space")
                .hasMessageNotContaining("cret");
    }

    @Test
    void nothingPrintsTheToken() {
        ConnectionSettings settings = settings("HF_TOKEN", FakeHub.TOKEN);
        assertThat(settings.toString() + settings.token() + settings.token().orElseThrow())
                .doesNotContain(FakeHub.TOKEN);
    }

    @Test
    void theEndpointIsAPlainAddress() {
        assertThat(settings().endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings("HF_ENDPOINT", "http://127.0.0.1:8080/hf/").endpoint())
                .isEqualTo(URI.create("http://127.0.0.1:8080/hf"));
        for (String wrong :
                new String[] {
                    "huggingface.co",
                    "ftp://x",
                    "https://",
                    "https://u:secret@x",
                    "http://x?a=b",
                    "file:///etc",
                    "http://a b"
                }) {
            assertThatThrownBy(() -> settings("HF_ENDPOINT", wrong).endpoint())
                    .hasMessageContaining("HF_ENDPOINT must be an address such as https://")
                    .hasMessageNotContaining("secret");
        }
    }

    @ParameterizedTest
    @CsvSource({"1,true", "on,true", "YES,true", "True,true", "0,false", "no,false", "'',false"})
    void offlineIsReadAsPythonDoes(String value, boolean offline) {
        assertThat(settings("HF_HUB_OFFLINE", value).offline()).isEqualTo(offline);
        assertThat(settings("TRANSFORMERS_OFFLINE", value).offline()).isEqualTo(offline);
    }

    @Test
    void aWrongTimeoutIsRefused() {
        assertThat(settings("HF_HUB_DOWNLOAD_TIMEOUT", "7").patience().toSeconds()).isEqualTo(7);
        for (String wrong : new String[] {"0", "-1", "soon"}) {
            assertThatThrownBy(() -> settings("HF_HUB_DOWNLOAD_TIMEOUT", wrong).patience())
                    .hasMessageContaining("but is '" + wrong + "'");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    https://huggingface.co          | secure:1
                    http://huggingface.co           | plain:80
                    https://cdn.example.com         |
                    https://example.com             |
                    https://notexample.com          | secure:1
                    https://x.internal              |
                    https://127.0.0.1:99            |
                    https://127.0.0.1:98            | secure:1
                    """)
    void proxiesComeFromTheEnvironment(String uri, String proxy) {
        var selector =
                settings(
                                "HTTPS_PROXY", "http://shadowed:9",
                                "https_proxy", "http://u:p@secure:1",
                                "HTTP_PROXY", "plain",
                                "NO_PROXY", "example.com, .internal,127.0.0.1:99")
                        .proxies();
        Proxy selected = selector.select(URI.create(uri)).getFirst();
        assertThat(selected)
                .isEqualTo(
                        proxy == null
                                ? Proxy.NO_PROXY
                                : new Proxy(
                                        Proxy.Type.HTTP,
                                        InetSocketAddress.createUnresolved(
                                                proxy.split(":")[0],
                                                Integer.parseInt(proxy.split(":")[1]))));
        assertThat(EnvironmentProxies.authorization(selector, URI.create(uri)).isPresent())
                .isEqualTo(proxy != null && proxy.startsWith("secure"));
    }

    @Test
    void aProxyOfAnotherKindIsRefusedUnseen() {
        for (String wrong : new String[] {"socks5://u:secret@x:1", "http://", "http://a b"}) {
            assertThatThrownBy(() -> settings("ALL_PROXY", wrong).proxies())
                    .hasMessageContaining("ALL_PROXY must name an HTTP proxy")
                    .hasMessageNotContaining("secret");
        }
    }
}
