package entropylens.hub;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where the cache is, from the environment variables of `huggingface_hub`; who downloads reads the
/// other variables here too. What a variable says is looked at only where it is needed: a wrong
/// endpoint does not stop a model from being found in the cache. It does not print itself, since
/// there is a token among the variables.
public final class HubSettings {
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)})");

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

    /// The folder of all that Hugging Face's programs keep: HF_HOME, or `huggingface` in the user's
    /// cache.
    public Path hfHome() {
        String given = value("HF_HOME");
        if (given != null) {
            return path("HF_HOME", given);
        }
        String xdg = value("XDG_CACHE_HOME");
        Path base = xdg == null ? home.resolve(".cache") : path("XDG_CACHE_HOME", xdg);
        return base.resolve("huggingface");
    }

    /// What a variable holds; null when it is not set, or empty.
    public @Nullable String value(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /// Whether a variable says yes, as Python reads it.
    public boolean isTrue(String name) {
        String value = value(name);
        return value != null && TRUE.contains(value.toUpperCase(Locale.ROOT));
    }

    /// A path as Python's `expanduser` and `expandvars` read it.
    ///
    /// @param name the variable that holds it, for messages
    /// @throws HubException when it is none
    public Path path(String name, String text) {
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
