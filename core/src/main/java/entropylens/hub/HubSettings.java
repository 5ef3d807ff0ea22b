package entropylens.hub;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where the cache is and how the hub is reached, from the environment variables of
/// `huggingface_hub`. What a variable says is looked at only where it is needed: a wrong endpoint
/// does not stop a model from being found in the cache. It does not print itself, since there is a
/// token among the variables.
public final class HubSettings {
    static final String DEFAULT_ENDPOINT = "https://huggingface.co";

    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)})");
    private static final long MAX_TOKEN_FILE = 65_536;

    private final Map<String, String> environment;
    private final Path home;

    private HubSettings(Map<String, String> environment, Path home) {
        this.environment = Map.copyOf(environment);
        this.home = home;
    }

    /// @param environment variables and their values; an empty one counts as not set
    /// @param home the user's, for `~` and the default cache
    public static HubSettings of(Map<String, String> environment, Path home) {
        return new HubSettings(environment, home);
    }

    /// The folder of all models: HF_HUB_CACHE, or HUGGINGFACE_HUB_CACHE as it was once called, or
    /// `hub` in HF_HOME.
    public Path cache() {
        String given = value("HF_HUB_CACHE");
        String name = "HF_HUB_CACHE";
        if (given == null) {
            given = value("HUGGINGFACE_HUB_CACHE");
            name = "HUGGINGFACE_HUB_CACHE";
        }
        Path folder = given == null ? hfHome().resolve("hub") : path(name, given);
        return folder.toAbsolutePath().normalize();
    }

    private Path hfHome() {
        String given = value("HF_HOME");
        if (given != null) {
            return path("HF_HOME", given);
        }
        String xdg = value("XDG_CACHE_HOME");
        Path base = xdg == null ? home.resolve(".cache") : path("XDG_CACHE_HOME", xdg);
        return base.resolve("huggingface");
    }

    /// Whether the environment forbids to use the network.
    public boolean offline() {
        return isTrue("HF_HUB_OFFLINE") || isTrue("TRANSFORMERS_OFFLINE");
    }

    /// The hub's address: HF_ENDPOINT or huggingface.co, without a slash at the end.
    ///
    /// @throws HubException when it is no http or https address
    URI endpoint() {
        String given = value("HF_ENDPOINT");
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
        if (isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
            return Optional.empty();
        }
        for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
            String given = value(name);
            if (given != null && !given.isBlank()) {
                return AccessToken.of(given, name);
            }
        }
        String given = value("HF_TOKEN_PATH");
        Path file = given == null ? hfHome().resolve("token") : path("HF_TOKEN_PATH", given);
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
                            .formatted(file, Reasons.of(e)),
                    e);
        }
    }

    /// Whether files of a snapshot may be symbolic links to the blobs.
    boolean links() {
        return !isTrue("HF_HUB_DISABLE_SYMLINKS");
    }

    /// How long the hub may be silent: HF_HUB_DOWNLOAD_TIMEOUT, in seconds.
    Duration patience() {
        String given = value("HF_HUB_DOWNLOAD_TIMEOUT");
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
        return EnvironmentProxies.of(environment);
    }

    private @Nullable String value(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    private boolean isTrue(String name) {
        String value = value(name);
        return value != null && TRUE.contains(value.toUpperCase(Locale.ROOT));
    }

    /// A path as Python's `expanduser` and `expandvars` read it.
    private Path path(String name, String text) {
        String replaced =
                VARIABLE.matcher(text)
                        .replaceAll(found -> Matcher.quoteReplacement(variable(found.group())));
        try {
            return expanded(replaced);
        } catch (InvalidPathException e) {
            throw new HubException("%s is no path: %s".formatted(name, e.getReason()), e);
        }
    }

    /// A path in which `~` is the user's home.
    ///
    /// @throws InvalidPathException when it is none
    Path expanded(String path) {
        return path.equals("~") || path.startsWith("~/")
                ? home.resolve(path.substring(Math.min(2, path.length())))
                : Path.of(path);
    }

    private String variable(String reference) {
        return environment.getOrDefault(reference.replaceAll("[${}]", ""), reference);
    }

    @Override
    public String toString() {
        return "settings of the hub";
    }
}
