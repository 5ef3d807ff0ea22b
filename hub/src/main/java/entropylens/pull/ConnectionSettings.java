package entropylens.pull;

import entropylens.hub.HubException;
import entropylens.hub.HubSettings;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How the hub is reached, from the environment variables of `huggingface_hub`. What a variable
/// says is looked at only where it is needed.
record ConnectionSettings(HubSettings settings) {
    static final String DEFAULT_ENDPOINT = "https://huggingface.co";

    private static final long MAX_TOKEN_FILE = 65_536;

    /// Whether the environment forbids to use the network.
    boolean offline() {
        return settings.isTrue("HF_HUB_OFFLINE") || settings.isTrue("TRANSFORMERS_OFFLINE");
    }

    /// The hub's address: HF_ENDPOINT or huggingface.co, without a slash at the end.
    ///
    /// @throws HubException when it is no http or https address
    URI endpoint() {
        String given = settings.value("HF_ENDPOINT");
        String text = given == null ? DEFAULT_ENDPOINT : given.replaceAll("/+$", "");
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below, without the text: it might hold a password
        }
        throw new HubException(
                "HF_ENDPOINT must be an address such as https://huggingface.co, with neither user nor query, but is not; correct or unset it");
    }

    /// HF_TOKEN, or else the token that `hf auth login` left in a file; none when
    /// HF_HUB_DISABLE_IMPLICIT_TOKEN is set.
    ///
    /// @throws HubException when there is one that cannot be used
    Optional<AccessToken> token() {
        if (settings.isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
            return Optional.empty();
        }
        for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
            String given = settings.value(name);
            if (given != null && !given.isBlank()) {
                return AccessToken.of(given, name);
            }
        }
        String given = settings.value("HF_TOKEN_PATH");
        Path file =
                given == null
                        ? settings.hfHome().resolve("token")
                        : settings.path("HF_TOKEN_PATH", given);
        try {
            if (Files.size(file) > MAX_TOKEN_FILE) {
                throw new HubException(
                        "%s should hold an access token, but is too large for one; run: hf auth login"
                                .formatted(file));
            }
            byte[] bytes = Files.readAllBytes(file);
            return AccessToken.of(new String(bytes, StandardCharsets.UTF_8), file.toString());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new HubException(
                    "%s: the access token cannot be read (%s); make it readable, or set HF_TOKEN"
                            .formatted(file, NetworkReasons.of(e)),
                    e);
        }
    }

    /// Whether files of a snapshot may be symbolic links to the blobs.
    boolean links() {
        return !settings.isTrue("HF_HUB_DISABLE_SYMLINKS");
    }

    /// How long the hub may be silent: HF_HUB_DOWNLOAD_TIMEOUT, in seconds.
    Duration patience() {
        String given = settings.value("HF_HUB_DOWNLOAD_TIMEOUT");
        try {
            int seconds = given == null ? 30 : Integer.parseInt(given.strip());
            if (seconds > 0) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new HubException(
                "HF_HUB_DOWNLOAD_TIMEOUT must be a number of seconds above 0, but is '%s'"
                        .formatted(given));
    }

    /// HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY; the JVM's own settings where none is set.
    ProxySelector proxies() {
        return EnvironmentProxies.of(settings);
    }
}
