package entropylens.pull;

import entropylens.hub.HubException;
import entropylens.hub.HubSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The proxies that the environment names, as curl and Python read it: HTTPS_PROXY, HTTP_PROXY and
/// ALL_PROXY by the address that is asked for, except for hosts in NO_PROXY. Names in small letters
/// come first.
final class EnvironmentProxies extends ProxySelector {

    /// @param address host and port, unresolved
    /// @param user name and password as the variable has them, if it has any
    private record HttpProxy(String variable, InetSocketAddress address, @Nullable String user) {}

    private final Map<String, HttpProxy> byScheme;
    private final List<String> direct;

    private EnvironmentProxies(Map<String, HttpProxy> byScheme, List<String> direct) {
        super();
        this.byScheme = byScheme;
        this.direct = direct;
    }

    /// @throws HubException when a variable names no proxy that can be used
    static ProxySelector of(HubSettings environment) {
        Map<String, HttpProxy> byScheme = new HashMap<>();
        for (String scheme : List.of("https", "http")) {
            find(environment, scheme + "_proxy")
                    .or(() -> find(environment, "all_proxy"))
                    .ifPresent(proxy -> byScheme.put(scheme, proxy));
        }
        if (byScheme.isEmpty()) {
            return Optional.ofNullable(ProxySelector.getDefault())
                    .orElseGet(() -> ProxySelector.of(null));
        }
        List<String> direct = new ArrayList<>();
        for (String host : value(environment, "no_proxy").split(",", -1)) {
            if (!host.isBlank()) {
                direct.add(host.strip().toLowerCase(Locale.ROOT));
            }
        }
        return new EnvironmentProxies(Map.copyOf(byScheme), List.copyOf(direct));
    }

    private static String value(HubSettings environment, String variable) {
        String small = Objects.requireNonNullElse(environment.value(variable), "");
        String capital = environment.value(variable.toUpperCase(Locale.ROOT));
        return small.isBlank() ? Objects.requireNonNullElse(capital, "").strip() : small.strip();
    }

    /// The messages do not repeat the value: there may be a password in it.
    private static Optional<HttpProxy> find(HubSettings environment, String variable) {
        String text = value(environment, variable);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String name = variable.toUpperCase(Locale.ROOT);
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            if (uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme())) {
                int port = uri.getPort() < 0 ? 80 : uri.getPort();
                var address = InetSocketAddress.createUnresolved(uri.getHost(), port);
                return Optional.of(new HttpProxy(name, address, uri.getRawUserInfo()));
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new HubException(
                "%s must name an HTTP proxy, as in http://proxy.example:3128, but does not; other kinds (SOCKS, HTTPS) are not supported: correct or unset it, or name the hub's host in NO_PROXY"
                        .formatted(name));
    }

    @Override
    public List<Proxy> select(URI uri) {
        HttpProxy proxy = byScheme.get(uri.getScheme());
        return List.of(
                proxy == null || isDirect(uri)
                        ? Proxy.NO_PROXY
                        : new Proxy(Proxy.Type.HTTP, proxy.address()));
    }

    /// `*` is every host; `.example.com` and `example.com` are that host and all below it; a port
    /// behind a colon must be the same.
    private boolean isDirect(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        for (String entry : direct) {
            String name = entry.startsWith(".") ? entry.substring(1) : entry;
            if (name.equals("*")
                    || host.equals(name)
                    || host.endsWith("." + name)
                    || (host + ":" + uri.getPort()).equals(name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // the request fails, and says so
    }

    /// The proxy of an address, if the environment names one for it.
    private static Optional<HttpProxy> of(ProxySelector selector, URI uri) {
        return selector instanceof EnvironmentProxies proxies && !proxies.isDirect(uri)
                ? Optional.ofNullable(proxies.byScheme.get(uri.getScheme()))
                : Optional.empty();
    }

    /// Which variable sends this address through a proxy, for messages.
    static Optional<String> variable(ProxySelector selector, URI uri) {
        return of(selector, uri).map(HttpProxy::variable);
    }

    /// The Proxy-Authorization header for this address, where the variable holds a name and a
    /// password. The HTTP client sends it to the proxy only.
    static Optional<String> authorization(ProxySelector selector, URI uri) {
        return of(selector, uri)
                .map(HttpProxy::user)
                .map(user -> {
                    byte[] plain = decoded(user).getBytes(StandardCharsets.UTF_8);
                    return "Basic " + Base64.getEncoder().encodeToString(plain);
                });
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
