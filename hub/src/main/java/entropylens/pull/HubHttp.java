package entropylens.pull;

import entropylens.hub.HubException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Single requests. Redirects are followed by hand, so that the token stays at the endpoint: it is
/// sent where scheme, host and port are those of the endpoint, and nowhere else.
final class HubHttp implements AutoCloseable {
    static final int MAX_REDIRECTS = 10;
    private static final Duration TO_CONNECT = Duration.ofSeconds(10);

    /// The hub itself, to which a mirror may send us on.
    private static final Set<String> HUB_HOSTS = Set.of("huggingface.co", "hf.co");

    private final URI endpoint;
    private final Optional<AccessToken> token;
    private final Duration patience;
    private final ProxySelector proxies;
    private final HttpClient client;

    HubHttp(ConnectionSettings settings) {
        this.endpoint = settings.endpoint();
        this.token = settings.token();
        this.patience = settings.patience();
        this.proxies = settings.proxies();
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(patience.compareTo(TO_CONNECT) < 0 ? patience : TO_CONNECT)
                        .proxy(proxies)
                        .build();
    }

    URI endpoint() {
        return endpoint;
    }

    Optional<AccessToken> token() {
        return token;
    }

    ProxySelector proxies() {
        return proxies;
    }

    /// What answers in the end; the caller closes it.
    ///
    /// @throws IOException when there is no answer
    /// @throws HubException when a redirect leads astray
    Answer get(URI uri, Map<String, String> headers) throws IOException {
        return send("GET", uri, headers, false);
    }

    /// The head of a file. A redirect to another host is itself the answer: it says what the hub
    /// knows of the file, and the other host knows less.
    ///
    /// @throws IOException when there is no answer
    /// @throws HubException when a redirect leads astray
    Answer head(URI uri) throws IOException {
        return send("HEAD", uri, Map.of(), true);
    }

    private Answer send(String method, URI first, Map<String, String> headers, boolean stay)
            throws IOException {
        URI uri = first;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            Answer answer = once(method, uri, headers);
            if (!answer.isRedirect()) {
                return answer;
            }
            URI target = target(uri, answer.header("Location").orElseThrow());
            if (stay && !isOfHub(uri, target)) {
                return answer;
            }
            answer.close();
            uri = target;
        }
        throw new HubException(
                "%s: was redirected more than %d times, and there is no end to it; try again later, or check HF_ENDPOINT"
                        .formatted(NetworkReasons.shown(first), MAX_REDIRECTS));
    }

    private Answer once(String method, URI uri, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .timeout(patience)
                        .header("User-Agent", "entropy-lens")
                        .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        boolean ofHub = isSameOrigin(uri, endpoint);
        if (ofHub) {
            token.ifPresent(secret -> request.header("Authorization", secret.authorization()));
        }
        EnvironmentProxies.authorization(proxies, uri)
                .ifPresent(secret -> request.header("Proxy-Authorization", secret));
        try {
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            return new Answer(
                    uri, ofHub, response, new PatientStream(response.body(), patience).watched());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    static HubException interrupted() {
        return new HubException(
                "interrupted; what was downloaded is kept, and the same command goes on from there");
    }

    /// Where a redirect leads.
    ///
    /// @throws HubException when that is no web address, or would give up encryption
    static URI target(URI from, String location) {
        URI target;
        try {
            target = from.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw astray(from, "to something that is no address");
        }
        String scheme = target.getScheme();
        if (target.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
            throw astray(from, "to something that is no web address");
        }
        if ("https".equals(from.getScheme()) && "http".equals(scheme)) {
            throw astray(from, "away from https, to %s".formatted(NetworkReasons.origin(target)));
        }
        return target;
    }

    private static HubException astray(URI from, String where) {
        return new HubException(
                "%s: the server redirects %s; that is not followed. Check HF_ENDPOINT and the network"
                        .formatted(NetworkReasons.shown(from), where));
    }

    static boolean isSameOrigin(URI a, URI b) {
        return a.getScheme().equals(b.getScheme())
                && a.getHost().equalsIgnoreCase(b.getHost())
                && port(a) == port(b);
    }

    /// Whether a redirect stays with the hub: the same server, the same host by https, or
    /// huggingface.co where a mirror sends us on.
    private static boolean isOfHub(URI from, URI target) {
        return isSameOrigin(from, target)
                || "https".equals(target.getScheme())
                        && (from.getHost().equalsIgnoreCase(target.getHost()) && port(target) == 443
                                || HUB_HOSTS.contains(target.getHost()));
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
